import type { IncomingMessage } from 'node:http';
import { MAX_WEBHOOK_BYTES } from '@orderlines/contracts';
import { RequestRefused } from '../problems/request-refused.js';

/** A sender has so long for its body. */
const READ_WITHIN_MS = 10_000;

const tooLarge = () =>
  new RequestRefused('request.too-large', `The body is too large: a webhook takes ${MAX_WEBHOOK_BYTES / 1024} KiB.`, 413);
const tooSlow = () => new RequestRefused('request.timeout', `The body did not come within ${READ_WITHIN_MS / 1_000} s.`, 408);

/** Reads the bytes of a body as they were signed, no more than a webhook takes and no longer than it waits. */
export const readBody = (request: IncomingMessage): Promise<Buffer> => {
  if (Number(request.headers['content-length'] ?? 0) > MAX_WEBHOOK_BYTES) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const limit = setTimeout(() => end(tooSlow()), READ_WITHIN_MS);
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_WEBHOOK_BYTES) return end(tooLarge());
      chunks.push(chunk);
    };
    const finish = () => end(null);
    const fail = () => end(new RequestRefused('request.unreadable', 'The body ended too early.', 400));
    const end = (error: RequestRefused | null) => {
      clearTimeout(limit);
      request.off('data', take).off('end', finish).off('error', fail).off('aborted', fail);
      // What still comes is of no use: it is let through unread.
      request.resume();
      if (error === null) resolve(Buffer.concat(chunks));
      else reject(error);
    };
    request.on('data', take).on('end', finish).on('error', fail).on('aborted', fail);
  });
};
