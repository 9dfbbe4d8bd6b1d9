import type { InstanceDetail } from '@orderlines/contracts';
import { formatDuration, save } from '@orderlines/console/ui';

const escape = (text: unknown): string => String(text ?? '').replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const took = (from: string | null, to: string | null): string => (from && to ? formatDuration(Date.parse(to) - Date.parse(from)) : '–');

/** A run as one printable page without scripts. */
export const reportOf = (run: InstanceDetail): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escape(run.process)} #${run.number}</title>
<style>
body{font:14px/1.5 system-ui,sans-serif;color:#1c2430;max-width:1000px;margin:32px auto;padding:0 16px}
table{border-collapse:collapse;width:100%}th,td{padding:6px 10px;border-bottom:1px solid #dfe3ea;text-align:left;vertical-align:top}
pre{background:#f7f8fa;padding:10px;white-space:pre-wrap;overflow-wrap:anywhere}.SUCCESS{color:#1c6b12}.FAILURE{color:#b3161d}.STOP{color:#6d5200}.SKIP{color:#a5196b}
</style></head><body>
<h1>${escape(run.namespace)}/${escape(run.process)} #${run.number}</h1>
<p><b class="${run.status}">${run.status}</b> · version ${run.version} · ${escape(run.startedBy)} · ${escape(run.startedAt)} – ${escape(run.finishedAt)} · ${took(run.startedAt, run.finishedAt)}</p>
${run.error ? `<pre>${escape(run.error.message)}</pre>` : ''}
<h2>Params</h2><pre>${escape(JSON.stringify(run.params, null, 2))}</pre>
<h2>Nodes</h2><table><thead><tr><th>Node</th><th>Type</th><th>Status</th><th>Attempt</th><th>Started</th><th>Took</th><th>Error</th></tr></thead><tbody>
${run.tasks
  .map(
    (task) =>
      `<tr><td>${escape(task.path)}</td><td>${escape(task.uses ?? task.type)}</td><td class="${task.status}">${task.status}</td><td>${task.attempt}</td><td>${escape(task.startedAt)}</td><td>${took(task.startedAt, task.finishedAt)}</td><td>${escape(task.error?.message)}</td></tr>`,
  )
  .join('\n')}
</tbody></table>
<h2>Outputs</h2><pre>${escape(JSON.stringify(run.outputs, null, 2))}</pre>
</body></html>`;

/** Offers the report of a run as a file. */
export const saveReport = (run: InstanceDetail): void =>
  save(`${run.process}-${run.number}.html`, new Blob([reportOf(run)], { type: 'text/html;charset=utf-8' }));
