{{/* The secret of values that were given for a trial, and the secrets that are made once and kept. */}}
{{- define "cgw.givenSecret" -}}{{ include "cgw.fullname" . }}-given{{- end -}}
{{- define "cgw.adminSecret" -}}{{ include "cgw.fullname" . }}-admin{{- end -}}
{{- define "cgw.ringSecret" -}}{{ include "cgw.fullname" . }}-ring{{- end -}}
{{- define "cgw.redisSecret" -}}{{ include "cgw.fullname" . }}-redis{{- end -}}

{{/* What the trial's values hold, as base64 by file name: a JSON object. */}}
{{- define "cgw.given" -}}
{{- $given := dict -}}
{{- $secrets := .Values.secrets -}}
{{- range $name, $value := dict
      "client-secret" $secrets.atlassian.clientSecret
      "admin-key" $secrets.adminKey.value
      "viewer-key" $secrets.viewerKey.value
      "oidc-client-secret" $secrets.oidcClientSecret.value
      "webhook-secret" $secrets.webhookSecret.value
      "ring-password" $secrets.certificate.password.value
      "previous-ring-password" $secrets.certificate.previous.password.value
      "redis-password" .Values.externalRedis.password.value
      "redis-connection-string" .Values.externalRedis.connectionString.value -}}
{{- if $value -}}{{- $_ := set $given $name (b64enc $value) -}}{{- end -}}
{{- end -}}
{{- with $secrets.certificate.value -}}{{- $_ := set $given "ring-certificate" . -}}{{- end -}}
{{- toJson $given -}}
{{- end -}}

{{/* Where the admin key is: "secret" and "key". */}}
{{- define "cgw.adminKey" -}}
{{- $admin := .Values.secrets.adminKey -}}
{{- if $admin.existingSecret -}}
{{- dict "secret" $admin.existingSecret "key" $admin.key | toJson -}}
{{- else if $admin.value -}}
{{- dict "secret" (include "cgw.givenSecret" .) "key" "admin-key" | toJson -}}
{{- else -}}
{{- dict "secret" (include "cgw.adminSecret" .) "key" "admin-key" | toJson -}}
{{- end -}}
{{- end -}}

{{/* The secrets that are mounted: a JSON list of the setting that names the file, the file, and secret and key it comes from. */}}
{{- define "cgw.secretFiles" -}}
{{- $files := list -}}
{{- $given := include "cgw.givenSecret" . -}}
{{- $secrets := .Values.secrets -}}
{{- $certificate := $secrets.certificate -}}
{{- range list
      (dict "setting" "Atlassian__ClientSecretFile" "file" "client-secret" "from" $secrets.atlassian.existingSecret "key" $secrets.atlassian.clientSecretKey "value" $secrets.atlassian.clientSecret)
      (dict "setting" "Admin__ViewerApiKeyFile" "file" "viewer-key" "from" $secrets.viewerKey.existingSecret "key" $secrets.viewerKey.key "value" $secrets.viewerKey.value)
      (dict "setting" "Admin__Oidc__ClientSecretFile" "file" "oidc-client-secret" "from" $secrets.oidcClientSecret.existingSecret "key" $secrets.oidcClientSecret.key "value" $secrets.oidcClientSecret.value)
      (dict "setting" "Webhooks__SecretFile" "file" "webhook-secret" "from" $secrets.webhookSecret.existingSecret "key" $secrets.webhookSecret.key "value" $secrets.webhookSecret.value)
      (dict "setting" "DataProtection__CertificateFile" "file" "ring-certificate" "from" $certificate.existingSecret "key" $certificate.key "value" $certificate.value)
      (dict "setting" "DataProtection__CertificatePasswordFile" "file" "ring-password" "from" $certificate.password.existingSecret "key" $certificate.password.key "value" $certificate.password.value)
      (dict "setting" "DataProtection__PreviousCertificateFile" "file" "previous-ring-certificate" "from" $certificate.previous.existingSecret "key" $certificate.previous.key "value" "")
      (dict "setting" "DataProtection__PreviousCertificatePasswordFile" "file" "previous-ring-password" "from" $certificate.previous.password.existingSecret "key" $certificate.previous.password.key "value" $certificate.previous.password.value)
      (dict "setting" "Redis__ConnectionStringFile" "file" "redis-connection-string" "from" .Values.externalRedis.connectionString.existingSecret "key" .Values.externalRedis.connectionString.key "value" .Values.externalRedis.connectionString.value) -}}
{{- if .from -}}
{{- $files = append $files (dict "setting" .setting "file" .file "secret" .from "key" .key) -}}
{{- else if .value -}}
{{- $files = append $files (dict "setting" .setting "file" .file "secret" $given "key" .file) -}}
{{- end -}}
{{- end -}}
{{- $admin := include "cgw.adminKey" . | fromJson -}}
{{- $files = append $files (dict "setting" "Admin__ApiKeyFile" "file" "admin-key" "secret" $admin.secret "key" $admin.key) -}}
{{- if $certificate.generate -}}
{{- $files = append $files (dict "setting" "DataProtection__CertificateFile" "file" "ring-certificate" "secret" (include "cgw.ringSecret" .) "key" "ring.pem") -}}
{{- else if $certificate.certManager.enabled -}}
{{- $files = append $files (dict "setting" "DataProtection__CertificateFile" "file" "ring-certificate" "secret" (include "cgw.ringSecret" .) "key" "tls-combined.pem") -}}
{{- end -}}
{{- toJson $files -}}
{{- end -}}

{{/* Where the password of Redis is, "secret" and "key"; empty when there is none, or it is part of a whole connection string. */}}
{{- define "cgw.redisPassword" -}}
{{- $external := .Values.externalRedis.password -}}
{{- if .Values.redis.enabled -}}
{{- if .Values.redis.password.existingSecret -}}
{{- dict "secret" .Values.redis.password.existingSecret "key" .Values.redis.password.key | toJson -}}
{{- else -}}
{{- dict "secret" (include "cgw.redisSecret" .) "key" "redis-password" | toJson -}}
{{- end -}}
{{- else if $external.existingSecret -}}
{{- dict "secret" $external.existingSecret "key" $external.key | toJson -}}
{{- else if $external.value -}}
{{- dict "secret" (include "cgw.givenSecret" .) "key" "redis-password" | toJson -}}
{{- else -}}
{}
{{- end -}}
{{- end -}}

{{/* The connection string that the values make up; the password is put in by the kubelet. Empty with the embedded store and with a whole connection string. */}}
{{- define "cgw.connectionString" -}}
{{- $parts := list -}}
{{- if .Values.redis.enabled -}}
{{- $parts = list (printf "%s-redis:6379" (include "cgw.fullname" .)) -}}
{{- else if .Values.externalRedis.endpoints -}}
{{- $redis := .Values.externalRedis -}}
{{- $parts = $redis.endpoints -}}
{{- with $redis.sentinelService }}{{- $parts = append $parts (printf "serviceName=%s" .) -}}{{- end -}}
{{- if $redis.tls.enabled }}{{- $parts = append $parts "ssl=true" -}}{{- end -}}
{{- with $redis.tls.host }}{{- $parts = append $parts (printf "sslHost=%s" .) -}}{{- end -}}
{{- with $redis.user }}{{- $parts = append $parts (printf "user=%s" .) -}}{{- end -}}
{{- range $option, $value := $redis.options -}}
{{- $parts = append $parts (printf "%s=%s" $option (toString $value)) -}}
{{- end -}}
{{- end -}}
{{- if and $parts (include "cgw.redisPassword" . | fromJson) -}}
{{- $parts = append $parts "password=$(REDIS_PASSWORD)" -}}
{{- end -}}
{{- join "," $parts -}}
{{- end -}}
