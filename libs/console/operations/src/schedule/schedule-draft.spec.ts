import { ScheduleBody, ScheduleSettings, type ScheduleView } from '@orderlines/contracts';
import { draftOf, newDraft, planOf, planText, settingsOf, type ScheduleWritten } from './schedule-draft.js';

const stored = (settings: ScheduleSettings): ScheduleView => ({
  ...settings,
  id: '0190c5a0-0000-7000-8000-000000000001',
  namespace: 'default',
  name: 'nightly',
  processId: '0190c5a0-0000-7000-8000-000000000002',
  state: 'active',
  note: '',
  stateBy: 'ada',
  stateAt: '2027-01-01T00:00:00.000Z',
  nextSlotAt: null,
  nextDueAt: null,
  createdBy: 'ada',
  createdAt: '2027-01-01T00:00:00.000Z',
  updatedBy: 'ada',
  updatedAt: '2027-01-01T00:00:00.000Z',
});

describe('what is written of a schedule', () => {
  it.each<[string, ScheduleWritten]>([
    ['cron', { type: 'cron', expression: '0 6 * * *' }],
    ['an interval', { type: 'interval', every: '5m', from: '2027-01-01T00:00' }],
    ['a date', { type: 'date', at: '2027-01-31T09:00' }],
    ['bounds and calendars', { start: '2027-01-01T00:00', end: '2028-01-01T00:00', calendars: 'holidays, freeze', jitter: '30s' }],
    ['policies', { overlap: 'allow', overlapLimit: '3', missed: 'all', catchUp: '2h', remaining: '10', pauseOnFailure: true }],
    ['who is asked first', { confirm: 'operators, leads', callbacks: '[{"states":["failed"],"process":"default/tell","params":{}}]' }],
  ])('with %s stands in the fields as it was stored', (_what, written) => {
    const settings = ScheduleSettings.parse(settingsOf({ ...newDraft('Asia/Shanghai', 'default/report'), ...written }, { who: 'Ada' }));
    expect(settingsOf(draftOf(stored(settings)), { who: 'Ada' })).toEqual(settings);
  });

  it('is a schedule as soon as it has a name and a process', () => {
    const draft = newDraft('UTC', 'default/report');
    expect(ScheduleBody.safeParse({ namespace: 'default', name: 'nightly', ...settingsOf(draft, {}) }).success).toBe(true);
  });

  it('is told in a few words', () => {
    const draft = newDraft('UTC');
    expect(planText(planOf(draft))).toBe('0 9 * * 1-5');
    expect(planText(planOf({ ...draft, type: 'interval', every: '5m' }))).toBe('↻ 5m');
    expect(planText(planOf({ ...draft, type: 'date', at: '2027-01-31T09:00' }))).toBe('2027-01-31 09:00');
  });
});
