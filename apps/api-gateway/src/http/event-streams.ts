import { maskGuarded } from '@orderlines/contracts';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { admissionOf, watchAdmission, type Principal } from '@orderlines/auth';
import type { Request, Response } from 'express';
import { pause, type OrderlinesError } from '@orderlines/service-host';
import { RequestRefused } from '../problems/request-refused.js';

const HEARTBEAT_MS = 15_000;
/** A client that takes nothing for this long is cut off; it may resume behind the last event it got. */
const STALLED_MS = 30_000;
/** What closing waits for clients to take the last event. */
const TELL_MS = 2_000;
const MAX_STREAMS = 1_000;
const MAX_STREAMS_PER_USER = 100;
const RETRY_AFTER_SECONDS = 10;

/** A server-sent event; `data` is sent as JSON. */
export interface ServerEvent {
  readonly event: string;
  readonly id?: string | undefined;
  readonly data: unknown;
}

/** All open streams of server-sent events: a bounded number, each no faster than its client, all ended with the gateway. */
export class EventStreams {
  private readonly open = new Map<AbortController, string>();
  private readonly sending = new Set<Promise<void>>();
  private closed = false;

  /**
   * Sends the events that `events` gives, then `event: end`; `event: refused` within five seconds after the token or right of the client has
   * ended: with a new one it may resume. The signal is aborted then, and when the client goes away or the gateway closes.
   * What `events` throws instead of giving them is still an ordinary answer.
   */
  async send(
    request: Request,
    response: Response,
    { user }: Principal,
    events: (signal: AbortSignal) => Promise<AsyncIterable<ServerEvent>>,
  ): Promise<void> {
    const abort = this.admit(user.id);
    response.on('close', () => abort.abort());
    let refusal: OrderlinesError | undefined;
    const admission = watchAdmission(admissionOf(request), (error) => {
      refusal = error;
      abort.abort();
    });
    const sent = this.forward(response, abort, events, () => refusal);
    this.sending.add(sent);
    try {
      await sent;
    } finally {
      abort.abort();
      void admission.stop();
      this.open.delete(abort);
      this.sending.delete(sent);
    }
  }

  /** Ends all streams and waits until their clients have been told, but not for ever; they resume at another gateway. */
  async close(): Promise<void> {
    this.closed = true;
    for (const abort of this.open.keys()) abort.abort();
    await Promise.race([Promise.allSettled(this.sending), pause(TELL_MS)]);
  }

  private async forward(
    response: Response,
    abort: AbortController,
    events: (signal: AbortSignal) => Promise<AsyncIterable<ServerEvent>>,
    refused: () => OrderlinesError | undefined,
  ): Promise<void> {
    const source = await events(abort.signal);
    const stream = new EventStream(response, abort);
    try {
      for await (const event of source) {
        await stream.write(event);
        if (abort.signal.aborted) break;
      }
    } finally {
      const refusal = refused();
      if (refusal) await stream.end('refused', { code: refusal.code, detail: refusal.message });
      else await stream.end(this.closed ? 'closing' : 'end');
    }
  }

  private admit(userId: string): AbortController {
    const own = [...this.open.values()].filter((id) => id === userId).length;
    if (this.closed || this.open.size >= MAX_STREAMS || own >= MAX_STREAMS_PER_USER) {
      const why = this.closed ? 'This server is being shut down.' : 'Too many streams are open here: close one.';
      throw new RequestRefused('stream.refused', why, 503, { retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    const abort = new AbortController();
    this.open.set(abort, userId);
    return abort;
  }
}

/** One response as a stream of events. */
class EventStream {
  private readonly heartbeat: NodeJS.Timeout;

  constructor(
    private readonly response: Response,
    private readonly abort: AbortController,
  ) {
    // No proxy keeps events back; nothing is compressed in blocks.
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' });
    response.write(': here we go\n\n');
    this.heartbeat = setInterval(() => {
      // Behind a client that reads nothing comments would only pile up.
      if (!response.writableNeedDrain) response.write(': still here\n\n');
    }, HEARTBEAT_MS);
  }

  async write({ event, id, data }: ServerEvent): Promise<void> {
    const head = id === undefined ? '' : `id: ${id}\n`;
    if (this.response.write(`${head}event: ${event}\ndata: ${maskGuarded(JSON.stringify(data))}\n\n`) || this.abort.signal.aborted) return;
    const stalled = AbortSignal.timeout(STALLED_MS);
    try {
      await once(this.response, 'drain', { signal: AbortSignal.any([stalled, this.abort.signal]) });
    } catch {
      if (stalled.aborted) this.cutOff();
    }
  }

  /** Says why it ends, and waits until that is sent or the client is gone. */
  async end(event: string, data: object = {}): Promise<void> {
    clearInterval(this.heartbeat);
    if (this.response.writableEnded) return;
    this.response.end(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    if (!this.response.destroyed) await finished(this.response).catch(() => undefined);
  }

  /** The reason stands behind what the client has not read yet; if it never reads on, the connection goes. */
  private cutOff(): void {
    void this.end('too-slow');
    this.abort.abort();
    this.response.socket?.destroySoon();
  }
}
