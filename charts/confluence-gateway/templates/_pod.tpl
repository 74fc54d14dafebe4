{{/* The gateway's environment. What stands here counts before the config map, and what comes last before what stands above it. */}}
{{- define "cgw.env" -}}
- name: Listen__Traffic
  value: http://*:8080
- name: Listen__Management
  value: http://*:8081
{{- if .Values.service.traffic.http2.enabled }}
- name: Listen__TrafficHttp2
  value: http://*:8082
{{- end }}
{{- with include "cgw.publicUrl" . }}
- name: Gateway__PublicUrl
  value: {{ . | quote }}
{{- end }}
{{- if eq (include "cgw.store" .) "embedded" }}
- name: Embedded__DataDirectory
  value: /data/store
{{- end }}
{{- if .Values.journal.enabled }}
- name: Refresh__JournalDirectory
  value: /data/journal
{{- end }}
{{- $settings := include "cgw.settings" . | fromJson }}
{{- if and .Values.secrets.atlassian.existingSecret (not (get $settings "Atlassian__ClientId")) }}
- name: Atlassian__ClientId
  valueFrom:
    secretKeyRef:
      name: {{ .Values.secrets.atlassian.existingSecret }}
      key: {{ .Values.secrets.atlassian.clientIdKey }}
{{- end }}
{{- range include "cgw.secretFiles" . | fromJsonArray }}
- name: {{ .setting }}
  value: /run/secrets/confluence-gateway/{{ .file }}
{{- end }}
{{- with include "cgw.redisPassword" . | fromJson }}
- name: REDIS_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key }}
{{- end }}
{{- with include "cgw.connectionString" . }}
- name: Redis__ConnectionString
  value: {{ . | quote }}
{{- end }}
{{- if .Values.trustedCertificates.existingConfigMap }}
# The image's own certificates stay trusted: they are found by their directory.
- name: SSL_CERT_FILE
  value: /run/trusted-certificates/ca.crt
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "cgw.envFrom" -}}
- configMapRef:
    name: {{ include "cgw.fullname" . }}
{{- with .Values.envFrom }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Mounts and volumes that a pod needs which only looks, as the doctor does. */}}
{{- define "cgw.readMounts" -}}
- name: secrets
  mountPath: /run/secrets/confluence-gateway
  readOnly: true
- name: tmp
  mountPath: /tmp
{{- if .Values.trustedCertificates.existingConfigMap }}
- name: trusted-certificates
  mountPath: /run/trusted-certificates
  readOnly: true
{{- end }}
{{- with .Values.volumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "cgw.readVolumes" -}}
- name: secrets
  projected:
    # Read by the group of the pod, and by nobody else.
    defaultMode: 0440
    sources:
      {{- range include "cgw.secretFiles" . | fromJsonArray }}
      - secret:
          name: {{ .secret }}
          items:
            - key: {{ .key }}
              path: {{ .file }}
      {{- end }}
- name: tmp
  emptyDir: {}
{{- with .Values.trustedCertificates.existingConfigMap }}
- name: trusted-certificates
  configMap:
    name: {{ . }}
    items:
      - key: {{ $.Values.trustedCertificates.key }}
        path: ca.crt
{{- end }}
{{- with .Values.volumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Where pods run. */}}
{{- define "cgw.placement" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
