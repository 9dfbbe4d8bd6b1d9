import { TriggerBody, TriggerSettings, type TriggerView } from '@orderlines/contracts';
import { draftOf, hearsText, newDraft, paramValue, sampleOf, settingsOf, type TriggerWritten } from './trigger-draft.js';

const ZONE = 'Asia/Shanghai';
const stored = (settings: TriggerSettings): TriggerView => ({
  ...settings,
  id: '0190c5a0-0000-7000-8000-000000000001',
  namespace: 'default',
  name: 'on-push',
  kind: settings.webhook === null ? 'event' : 'webhook',
  processId: '0190c5a0-0000-7000-8000-000000000002',
  enabled: true,
  note: '',
  stateBy: 'ada',
  stateAt: '2027-01-01T00:00:00.000Z',
  tokenHint: settings.webhook === null ? null : 'olw_abcd',
  createdBy: 'ada',
  createdAt: '2027-01-01T00:00:00.000Z',
  updatedBy: 'ada',
  updatedAt: '2027-01-01T00:00:00.000Z',
});

describe('what is written of a trigger', () => {
  it.each<[string, TriggerWritten]>([
    ['a webhook', { filter: "event.body.ref == 'main'", labels: 'team=web, stage=', maxPerMinute: '5' }],
    ['a signed webhook', { style: 'hmac', secret: 'hook', tolerance: '1m' }],
    ['events', { kind: 'event', types: 'document.saved, document.removed' }],
    ['a quiet time', { kind: 'event', types: 'document.*', way: 'debounce', quiet: '5s', atMost: '1m', give: 'all', by: 'event.subject' }],
    [
      'what has to follow',
      {
        kind: 'event',
        types: 'parcel.delivered',
        way: 'absence',
        absence: 'after',
        afterTypes: 'parcel.sent',
        within: '3d',
        by: 'event.id',
      },
    ],
    ['what has to come again', { kind: 'event', types: 'ping', way: 'absence', absence: 'within', within: '1h' }],
    ['a deadline', { kind: 'event', types: 'backup.done', way: 'absence', absence: 'deadline', cron: '0 7 * * *', zone: 'Europe/Berlin' }],
  ])('with %s stands in the fields as it was stored', (_what, written) => {
    const settings = TriggerSettings.parse(settingsOf({ ...newDraft(ZONE, 'default/build'), ...written }, { who: '${{ event.id }}' }));
    expect(settingsOf(draftOf(stored(settings), ZONE), { who: '${{ event.id }}' })).toEqual(settings);
  });

  it('is a trigger as soon as it has a name and a process', () => {
    const settings = settingsOf(newDraft(ZONE, 'default/build'), {});
    expect(TriggerBody.safeParse({ namespace: 'default', name: 'on-push', ...settings }).success).toBe(true);
  });

  it.each<[string, string, unknown]>([
    ['integer', '${{ event.body.count }}', '${{ event.body.count }}'],
    ['integer', '3', 3],
    ['string', 'branch ${{ event.body.ref }}', 'branch ${{ event.body.ref }}'],
    ['list', '${{ events }}', '${{ events }}'],
    ['map', '{"id": "${{ event.id }}"}', { id: '${{ event.id }}' }],
  ])('gives a param of type %s %s', (type, text, value) => expect(paramValue({ type }, text)).toEqual(value));

  it('refuses a value that is none of its type', () => expect(() => paramValue({ type: 'integer' }, 'many')).toThrow());

  it('is told in a few words, and tried with an event that fits', () => {
    const webhook = stored(settingsOf(newDraft(ZONE, 'default/build'), {}));
    expect([hearsText(webhook), sampleOf(webhook)]).toEqual(['olw_abcd…', { body: {}, headers: {}, query: {} }]);
    const events = stored(settingsOf({ ...newDraft(ZONE, 'default/build'), kind: 'event', types: 'document.*' }, {}));
    expect([hearsText(events), sampleOf(events)]).toEqual(['document.*', { type: 'document.something', subject: '', data: {} }]);
  });
});
