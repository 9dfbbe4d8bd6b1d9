import type { InstanceDetail } from '@orderlines/contracts';
import { reportOf } from './run-report.js';

describe('the report of a run', () => {
  it('shows texts of the run as texts, never as tags', () => {
    const run = {
      ...{ namespace: 'default', process: '<img src=x onerror=alert(1)>', number: 1, status: 'FAILURE', version: 1, startedBy: 'ada' },
      ...{
        startedAt: '2026-01-01T00:00:00.000Z',
        finishedAt: '2026-01-01T00:00:04.200Z',
        params: { a: '</pre><script>' },
        outputs: null,
        tasks: [],
      },
      error: { reason: 'user', message: '<b>broken</b>' },
    } as unknown as InstanceDetail;
    const report = reportOf(run);
    expect(report).not.toMatch(/<img|<script|<b>broken/);
    expect(report).toContain('4.2 s');
  });
});
