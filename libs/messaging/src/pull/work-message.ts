import type { Msg } from '@nats-io/transport-node';

/** A message taken from a work queue: it comes again after the consumer's `ack_wait` unless one of the answers was given. */
export class WorkMessage {
  private answered = false;

  constructor(private readonly message: Msg) {}

  get subject(): string {
    return this.message.subject;
  }

  get data(): Uint8Array {
    return this.message.data;
  }

  /** 1 for the first delivery; a server that was killed starts again at 1. */
  get deliveries(): number {
    return Number(deliveryFields(this.message.reply)[0]);
  }

  /** When the stream stored it, epoch milliseconds of the server. */
  get storedAt(): number {
    return Number(BigInt(deliveryFields(this.message.reply)[3] ?? '0') / 1_000_000n);
  }

  /** It is dealt with: the stream forgets it. */
  ack(): void {
    this.answer('+ACK');
  }

  /** Give it to somebody (also to this one) again, at once or after a delay in milliseconds. */
  giveBack(delayMs = 0): void {
    this.answer(delayMs > 0 ? `-NAK ${JSON.stringify({ delay: delayMs * 1_000_000 })}` : '-NAK');
  }

  /** It can never be dealt with: the stream forgets it. Without a reason: nats-server 2.9 redelivers a message that was given one. */
  drop(): void {
    this.answer('+TERM');
  }

  /** More time: `ack_wait` starts anew. */
  stillWorking(): void {
    if (!this.answered) this.say('+WPI');
  }

  private answer(text: string): void {
    if (this.answered) return;
    this.answered = true;
    this.say(text);
  }

  private say(text: string): void {
    try {
      this.message.respond(text);
    } catch {
      // The connection is closed for good: the message comes again, to whoever reads then.
    }
  }
}

/** `deliveries.stream-sequence.consumer-sequence.nanoseconds…` of an ack subject, whose newer form has domain and account in front. */
const deliveryFields = (reply = ''): string[] => {
  const tokens = reply.split('.');
  return tokens.slice(tokens.length >= 11 ? 6 : 4);
};
