{{/* Says all at once what the schema cannot say: each line names the value and the remedy. */}}
{{- define "cgw.validate" -}}
{{- $errors := list -}}
{{- $settings := include "cgw.settings" . | fromJson -}}
{{- $store := include "cgw.store" . -}}
{{- $owned := include "cgw.owned" . | fromJson -}}
{{- range $setting, $value := $settings -}}
{{- with get $owned $setting -}}
{{- $errors = append $errors (printf "config.%s: %s" (replace "__" "." $setting) .) -}}
{{- end -}}
{{- end -}}
{{- range .Values.extraEnv -}}
{{- $name := .name -}}
{{- with get $owned $name -}}
{{- $errors = append $errors (printf "extraEnv %s: %s" $name .) -}}
{{- end -}}
{{- end -}}

{{- $stop := include "cgw.stopSeconds" . | atoi -}}
{{- with .Values.terminationGracePeriodSeconds -}}
{{- if lt (int .) $stop -}}
{{- $errors = append $errors (printf "terminationGracePeriodSeconds: %d is too short: the gateway may take %d seconds to stop (config.Listen.DrainDelay, config.Refresh.ExchangeTimeout and 15 seconds). Set %d or more, or leave it empty." (int .) $stop $stop) -}}
{{- end -}}
{{- end -}}

{{- $secrets := .Values.secrets -}}
{{- if and $secrets.atlassian.clientSecret (not (get $settings "Atlassian__ClientId")) -}}
{{- $errors = append $errors "secrets.atlassian.clientSecret: is given without its client id. Set config.Atlassian.ClientId too." -}}
{{- end -}}
{{- if and (get $settings "Atlassian__ClientId") (not (or $secrets.atlassian.clientSecret $secrets.atlassian.existingSecret)) -}}
{{- $errors = append $errors "config.Atlassian.ClientId: is given without its client secret. Set secrets.atlassian.existingSecret too." -}}
{{- end -}}
{{- $webhookSecret := or $secrets.webhookSecret.existingSecret $secrets.webhookSecret.value -}}
{{- if and (get $settings "Webhooks__Url") (not $webhookSecret) -}}
{{- $errors = append $errors "config.Webhooks.Url: events to it must be signed. Set secrets.webhookSecret.existingSecret too." -}}
{{- else if and $webhookSecret (not (get $settings "Webhooks__Url")) -}}
{{- $errors = append $errors "secrets.webhookSecret: nothing is signed with it. Set config.Webhooks.Url too, or leave it out." -}}
{{- end -}}
{{- $oidcSecret := or $secrets.oidcClientSecret.existingSecret $secrets.oidcClientSecret.value -}}
{{- $oidc := and (get $settings "Admin__Oidc__Authority") (get $settings "Admin__Oidc__ClientId") -}}
{{- if and $oidcSecret (not $oidc) -}}
{{- $errors = append $errors "secrets.oidcClientSecret: goes together with config.Admin.Oidc.Authority and config.Admin.Oidc.ClientId. Set them too, or leave it out." -}}
{{- else if and (or (get $settings "Admin__Oidc__Authority") (get $settings "Admin__Oidc__ClientId")) (not (and $oidc $oidcSecret)) -}}
{{- $errors = append $errors "config.Admin.Oidc: Authority, ClientId and secrets.oidcClientSecret go together. Set all three." -}}
{{- end -}}
{{- if and $secrets.adminKey.value (eq $secrets.adminKey.value $secrets.viewerKey.value) -}}
{{- $errors = append $errors "secrets.viewerKey.value: is the key of operators, so every viewer could act. Make another one." -}}
{{- end -}}
{{- $certificate := $secrets.certificate -}}
{{- if and (or $certificate.password.existingSecret $certificate.password.value) (not (or $certificate.existingSecret $certificate.value)) -}}
{{- $errors = append $errors "secrets.certificate.password: belongs to secrets.certificate.existingSecret or secrets.certificate.value, and neither is set. Leave it out." -}}
{{- end -}}
{{- if and $certificate.previous.existingSecret (not (or $certificate.existingSecret $certificate.value $certificate.generate $certificate.certManager.enabled)) -}}
{{- $errors = append $errors "secrets.certificate.previous: is there without the one that replaces it. Set secrets.certificate.existingSecret too." -}}
{{- end -}}
{{- $previous := $certificate.previous.password -}}
{{- if and (or $previous.existingSecret $previous.value) (not $certificate.previous.existingSecret) -}}
{{- $errors = append $errors "secrets.certificate.previous.password: belongs to secrets.certificate.previous.existingSecret, and there is none. Leave it out." -}}
{{- end -}}

{{- if eq $store "embedded" -}}
{{- if ne (default "none" (get $settings "Redis__Durability")) "none" -}}
{{- $errors = append $errors "config.Redis.Durability: the embedded store is durable on disk and takes none only. Leave it out, or set externalRedis.endpoints." -}}
{{- end -}}
{{- end -}}
{{- $redis := .Values.externalRedis -}}
{{- if and (not $redis.endpoints) (or $redis.sentinelService $redis.user $redis.tls.enabled $redis.tls.host $redis.options $redis.password.existingSecret $redis.password.value) -}}
{{- $errors = append $errors "externalRedis: sentinelService, user, tls, options and password belong to endpoints, and there are none. Set externalRedis.endpoints, or leave them out; a whole connection string holds them itself." -}}
{{- end -}}
{{- if and $redis.tls.host (not $redis.tls.enabled) -}}
{{- $errors = append $errors "externalRedis.tls.host: counts with TLS only. Set externalRedis.tls.enabled too." -}}
{{- end -}}
{{- range $option, $value := $redis.options -}}
{{- if has (lower $option) (list "password" "user" "ssl" "sslhost" "servicename") -}}
{{- $errors = append $errors (printf "externalRedis.options.%s: has a value of its own: password, user, tls.enabled, tls.host or sentinelService below externalRedis. Use that." $option) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.networkPolicy.enabled (or $redis.connectionString.existingSecret $redis.connectionString.value) (not .Values.networkPolicy.redis.ports) -}}
{{- $errors = append $errors "networkPolicy.redis.ports: the ports of a whole connection string are not known here. Set them." -}}
{{- end -}}

{{- $scaling := .Values.autoscaling -}}
{{- if $scaling.enabled -}}
{{- if gt (int $scaling.minReplicas) (int $scaling.maxReplicas) -}}
{{- $errors = append $errors (printf "autoscaling.minReplicas: %d is more than autoscaling.maxReplicas, %d. Lower it." (int $scaling.minReplicas) (int $scaling.maxReplicas)) -}}
{{- end -}}
{{- if not (or $scaling.targetCPUUtilizationPercentage $scaling.targetMemoryUtilizationPercentage) -}}
{{- $errors = append $errors "autoscaling.targetCPUUtilizationPercentage: without it and without targetMemoryUtilizationPercentage nothing is aimed at. Set one." -}}
{{- end -}}
{{- end -}}
{{- $budget := .Values.podDisruptionBudget -}}
{{- $replicas := ternary $scaling.minReplicas (include "cgw.replicas" . | int) $scaling.enabled | int -}}
{{- if and $budget.enabled (kindIs "float64" $budget.minAvailable) -}}
{{- if ge (int $budget.minAvailable) $replicas -}}
{{- $errors = append $errors (printf "podDisruptionBudget.minAvailable: %d of %d replicas lets no node be drained. Lower it." (int $budget.minAvailable) $replicas) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.service.traffic.http2.enabled (eq (int .Values.service.traffic.port) (int .Values.service.traffic.http2.port)) -}}
{{- $errors = append $errors "service.traffic.http2.port: is service.traffic.port. HTTP/2 without TLS needs a port of its own." -}}
{{- end -}}
{{- if and .Values.ingress.enabled (ne .Values.ingress.path "/") (not (get $settings "Gateway__PublicUrl")) (not .Values.ingress.annotations) -}}
{{- $errors = append $errors "ingress.path: the gateway knows no path in front of its own, so the Ingress must take it away. Set the annotations by which your controller does, and config.Gateway.PublicUrl." -}}
{{- end -}}

{{- if $errors -}}
{{- fail (printf "\nThe values are not usable:\n  %s" (join "\n  " $errors)) -}}
{{- end -}}
{{- end -}}

{{/* Settings that are no business of `config` and `extraEnv`, each with what to use instead. */}}
{{- define "cgw.owned" -}}
{{- dict
    "Listen__Traffic" "the chart sets it. Change service.traffic.port instead."
    "Listen__Management" "the chart sets it. Change service.management.port instead."
    "Listen__TrafficHttp2" "the chart sets it. Use service.traffic.http2 instead."
    "Embedded__DataDirectory" "the chart sets it. Use embedded.persistence instead."
    "Refresh__JournalDirectory" "the chart sets it. Use journal instead."
    "Redis__ConnectionString" "the chart must know which store there is. Use externalRedis instead."
    "Redis__ConnectionStringFile" "the chart must know which store there is. Use externalRedis.connectionString instead."
    "Atlassian__ClientSecret" "is a secret. Use secrets.atlassian instead."
    "Atlassian__ClientSecretFile" "the chart mounts it. Use secrets.atlassian instead."
    "Admin__ApiKey" "is a secret. Use secrets.adminKey instead."
    "Admin__ApiKeyFile" "the chart mounts it. Use secrets.adminKey instead."
    "Admin__ViewerApiKey" "is a secret. Use secrets.viewerKey instead."
    "Admin__ViewerApiKeyFile" "the chart mounts it. Use secrets.viewerKey instead."
    "Admin__Oidc__ClientSecret" "is a secret. Use secrets.oidcClientSecret instead."
    "Admin__Oidc__ClientSecretFile" "the chart mounts it. Use secrets.oidcClientSecret instead."
    "Webhooks__Secret" "is a secret. Use secrets.webhookSecret instead."
    "Webhooks__SecretFile" "the chart mounts it. Use secrets.webhookSecret instead."
    "DataProtection__CertificateFile" "the chart mounts it. Use secrets.certificate instead."
    "DataProtection__CertificatePassword" "is a secret. Use secrets.certificate.password instead."
    "DataProtection__CertificatePasswordFile" "the chart mounts it. Use secrets.certificate.password instead."
    "DataProtection__PreviousCertificateFile" "the chart mounts it. Use secrets.certificate.previous instead."
    "DataProtection__PreviousCertificatePassword" "is a secret. Use secrets.certificate.previous.password instead."
    "DataProtection__PreviousCertificatePasswordFile" "the chart mounts it. Use secrets.certificate.previous.password instead."
    "REDIS_PASSWORD" "the chart makes the connection string with it. Use externalRedis.password instead."
    | toJson -}}
{{- end -}}
