{{/* What the release's objects are called. The release's name is in it whole, so two releases never share a name; what would be too long ends in a hash. */}}
{{- define "cgw.fullname" -}}
{{- $name := .Values.fullnameOverride -}}
{{- if not $name -}}
{{- $chart := default .Chart.Name .Values.nameOverride -}}
{{- $name = ternary .Release.Name (printf "%s-%s" .Release.Name $chart) (eq .Release.Name $chart) -}}
{{- end -}}
{{/* 45: the longest name made of it is that of a revision of the Redis StatefulSet, `-redis-` and ten letters, a label of 63 at most. */}}
{{- if gt (len $name) 45 -}}
{{- printf "%s-%s" (trunc 36 $name | trimSuffix "-") (sha256sum $name | trunc 8) -}}
{{- else -}}
{{- $name | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "cgw.selector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Labels of an object: dict "root" $ "component" "gateway". */}}
{{- define "cgw.labels" -}}
{{ include "cgw.selector" .root }}
app.kubernetes.io/component: {{ .component }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/part-of: confluence-gateway
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Metadata of an object: dict "root" $ "name" "…" "component" "gateway", and, if there are any, "labels" and "annotations". */}}
{{- define "cgw.metadata" -}}
name: {{ .name }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "cgw.labels" . | nindent 2 }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with merge (dict) (default dict .annotations) .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "cgw.image" -}}
{{- $tag := default .root.Chart.AppVersion .image.tag -}}
{{- with .image.registry }}{{ . }}/{{ end }}{{ .image.repository }}
{{- if .image.digest }}@{{ .image.digest }}{{ else }}:{{ $tag }}{{ end -}}
{{- end -}}

{{- define "cgw.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "cgw.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* Which store there is: external, trial or embedded. */}}
{{- define "cgw.store" -}}
{{- if .Values.redis.enabled -}}
trial
{{- else if or .Values.externalRedis.endpoints .Values.externalRedis.connectionString.existingSecret .Values.externalRedis.connectionString.value -}}
external
{{- else -}}
embedded
{{- end -}}
{{- end -}}

{{- define "cgw.replicas" -}}
{{- default (ternary 1 2 (eq (include "cgw.store" .) "embedded")) .Values.replicaCount -}}
{{- end -}}
