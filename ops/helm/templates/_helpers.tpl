{{- /* Names, labels, and what the pods of all roles have in common. */ -}}

{{- define "bobcofer.name" -}}
{{- printf "%s" .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "bobcofer.labels" -}}
app.kubernetes.io/name: bobcofer
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .role }}
{{- end -}}

{{- define "bobcofer.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{- /* Settings and secrets of a role: files/roles.yaml says which it reads. */ -}}
{{- define "bobcofer.env" -}}
{{- $role := index (.root.Files.Get "files/roles.yaml" | fromYaml) .role -}}
{{- range $name := $role.settings }}
{{- $value := index $.root.Values.settings $name }}
{{- if and (not (kindIs "invalid" $value)) (ne (toString $value) "") }}
- name: {{ $name }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- end }}
{{- range $name := $role.secrets }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ $.root.Values.secretName }}
      key: {{ $name }}
      optional: true
{{- end }}
{{- range $name, $value := .fixed }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- if and .root.Values.sendersFile $role.senders }}
- name: SENDERS_FILE
  value: /run/senders/senders.json
{{- end }}
{{- end -}}

{{- define "bobcofer.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  seccompProfile: { type: RuntimeDefault }
{{- with .root.Values.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
volumes:
  - name: tmp
    emptyDir: { sizeLimit: 512Mi }
  - name: files
    emptyDir: { sizeLimit: 2Gi }
  {{- if .root.Values.sendersFile }}
  - name: senders
    secret:
      secretName: {{ .root.Values.secretName }}
      items: [{ key: SENDERS, path: senders.json }]
  {{- end }}
{{- end -}}

{{- define "bobcofer.container" -}}
image: {{ include "bobcofer.image" .root }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
volumeMounts:
  - { name: tmp, mountPath: /tmp }
  - { name: files, mountPath: /files }
  {{- if .root.Values.sendersFile }}
  - { name: senders, mountPath: /run/senders, readOnly: true }
  {{- end }}
{{- end -}}

{{- /* Lives: /healthz. Ready: /readyz. A role that waits for a server lives, and is not restarted for that. */ -}}
{{- define "bobcofer.probes" -}}
startupProbe:
  httpGet: { path: /healthz, port: health }
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: { path: /healthz, port: health }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: { path: /readyz, port: health }
  periodSeconds: 10
  timeoutSeconds: 5
{{- end -}}
