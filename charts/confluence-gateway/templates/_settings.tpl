{{/* `config` as environment variables: a JSON object of Section__Key to text. */}}
{{- define "cgw.settings" -}}
{{- $out := dict -}}
{{- include "cgw.flatten" (dict "prefix" "" "value" .Values.config "out" $out) -}}
{{- toJson $out -}}
{{- end -}}

{{- define "cgw.flatten" -}}
{{- $prefix := .prefix -}}
{{- $out := .out -}}
{{- if kindIs "map" .value -}}
{{- range $key, $value := .value -}}
{{- include "cgw.flatten" (dict "prefix" (ternary $key (printf "%s__%s" $prefix $key) (eq $prefix "")) "value" $value "out" $out) -}}
{{- end -}}
{{- else if kindIs "slice" .value -}}
{{- range $index, $value := .value -}}
{{- include "cgw.flatten" (dict "prefix" (printf "%s__%d" $prefix $index) "value" $value "out" $out) -}}
{{- end -}}
{{- else if kindIs "float64" .value -}}
{{/* Numbers of a values file are floats, and large ones would be written with an exponent. */}}
{{- $_ := set $out $prefix (ternary (printf "%d" (int64 .value)) (toString .value) (eq (float64 (int64 .value)) .value)) -}}
{{- else if not (kindIs "invalid" .value) -}}
{{- $_ := set $out $prefix (toString .value) -}}
{{- end -}}
{{- end -}}

{{/* Seconds of a duration, hh:mm:ss. What is reckoned here is minutes at most, so days before it, d.hh:mm:ss, are none. */}}
{{- define "cgw.seconds" -}}
{{- $parts := regexReplaceAll "^[0-9]+\\." . "" | splitList ":" -}}
{{- add (mul (atoi (index $parts 0)) 3600) (mul (atoi (index $parts 1)) 60) (atoi (index $parts 2)) -}}
{{- end -}}

{{/* How long the gateway may take to stop: the delay, an exchange under way, and 15 seconds. The defaults are the program's. */}}
{{- define "cgw.stopSeconds" -}}
{{- $settings := include "cgw.settings" . | fromJson -}}
{{- $drain := include "cgw.seconds" (default "00:00:05" (get $settings "Listen__DrainDelay")) -}}
{{- $exchange := include "cgw.seconds" (default "00:00:30" (get $settings "Refresh__ExchangeTimeout")) -}}
{{- add (atoi $drain) (atoi $exchange) 15 -}}
{{- end -}}

{{/* Where browsers and apps reach the gateway, as far as the values tell. */}}
{{- define "cgw.publicUrl" -}}
{{- $settings := include "cgw.settings" . | fromJson -}}
{{- if get $settings "Gateway__PublicUrl" -}}
{{- get $settings "Gateway__PublicUrl" -}}
{{- else if and .Values.ingress.enabled .Values.ingress.hosts -}}
{{- printf "%s://%s%s" (ternary "https" "http" (gt (len .Values.ingress.tls) 0)) (first .Values.ingress.hosts) (trimSuffix "/" .Values.ingress.path) -}}
{{- else if and .Values.httpRoute.enabled .Values.httpRoute.hostnames -}}
{{- printf "https://%s" (first .Values.httpRoute.hostnames) -}}
{{- end -}}
{{- end -}}
