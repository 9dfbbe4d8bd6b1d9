{{- define "orderlines.name" -}}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{- end }}
{{- define "orderlines.secret" -}}{{ .Values.existingSecret | default (include "orderlines.name" .) }}{{- end }}
{{- define "orderlines.image" -}}{{ .root.Values.image.registry }}/{{ .kind }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}{{- end }}

{{- define "orderlines.labels" -}}
app.kubernetes.io/name: orderlines
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "orderlines.secretVariable" -}}
- name: {{ .name }}
  valueFrom: { secretKeyRef: { name: {{ include "orderlines.secret" .root }}, key: {{ .key }} } }
{{- end }}

{{- define "orderlines.databaseVariables" -}}
{{- if .Values.postgres.enabled }}
{{ include "orderlines.secretVariable" (dict "root" . "name" "POSTGRES_PASSWORD" "key" "postgres-password") }}
- name: ORDERLINES_DATABASE_URL
  value: postgres://orderlines:$(POSTGRES_PASSWORD)@{{ include "orderlines.name" . }}-postgres:5432/orderlines
{{- else }}
{{ include "orderlines.secretVariable" (dict "root" . "name" "ORDERLINES_DATABASE_URL" "key" "database-url") }}
{{- end }}
{{- end }}

{{- define "orderlines.natsVariables" -}}
- name: ORDERLINES_NATS_URL
  value: {{ if .root.Values.nats.enabled }}nats://{{ include "orderlines.name" .root }}-nats:4222{{ else }}{{ required "nats.url is needed when nats.enabled is false" .root.Values.nats.url }}{{ end }}
{{ include "orderlines.secretVariable" (dict "root" .root "name" "ORDERLINES_NATS_PASSWORD" "key" (printf "nats-%s-password" .user)) }}
{{- end }}

{{- define "orderlines.keyVariables" -}}
{{ include "orderlines.secretVariable" (dict "root" . "name" "ORDERLINES_SECRET_KEY" "key" "secret-key") }}
{{ include "orderlines.secretVariable" (dict "root" . "name" "ORDERLINES_INTERNAL_TOKEN" "key" "internal-token") }}
- { name: ORDERLINES_PUBLIC_URL, value: {{ .Values.publicUrl | quote }} }
{{- end }}

{{- define "orderlines.environment" -}}
{{- range $name, $value := . }}
- { name: {{ $name }}, value: {{ $value | quote }} }
{{- end }}
{{- end }}

{{- define "orderlines.probes" -}}
startupProbe: { httpGet: { path: /health/live, port: health }, periodSeconds: 2, failureThreshold: 60 }
livenessProbe: { httpGet: { path: /health/live, port: health }, periodSeconds: 10, failureThreshold: 3 }
readinessProbe: { httpGet: { path: /health/ready, port: health }, periodSeconds: 5 }
{{- end }}

{{- define "orderlines.securityContext" -}}
securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
{{- end }}

{{- define "orderlines.podSettings" -}}
securityContext: { runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000, runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
automountServiceAccountToken: false
terminationGracePeriodSeconds: 60
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
