/** Facts of runs for triggers and webhooks (CloudEvents 1.0), kept 7 days. */
export const EVENTS = {
  name: 'EVENTS',
  subjects: ['events.>'],
  /** e.g. `events.instance.succeeded.<id>`. */
  subject: (noun: string, fact: string, id: string) => `events.${noun}.${fact}.${id}`,
} as const;
