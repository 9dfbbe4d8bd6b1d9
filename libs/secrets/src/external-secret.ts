import { open, realpath } from 'node:fs/promises';
import { OrderlinesError } from '@orderlines/service-host';
import { z } from 'zod';

/** Longest secret in a file, bytes. */
const MAX_FILE_BYTES = 64 * 1024;
const PATTERN = /^(env:[A-Za-z0-9_*]+|file:\/[^\0]+)$/;

/** A secret that lies elsewhere and cannot be read there. */
export class SecretReferenceError extends OrderlinesError {
  constructor(message: string, options?: ErrorOptions) {
    super('secrets.reference', message, 422, options);
  }
}

/**
 * `ORDERLINES_SECRET_REFERENCES`: what secrets may refer to, separated by commas, `*` standing for anything but a slash:
 * `env:SHOP_*,file:/run/secrets/*`. Absent: nothing.
 */
export const secretReferencesVariable = () =>
  z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((pattern) => (pattern.trim() === '' ? [] : [pattern.trim()])))
    .refine(
      (patterns) => patterns.every((pattern) => PATTERN.test(pattern)),
      'write env:NAME or file:/path, `*` stands for anything but a slash',
    );

/** Reads secrets that lie in the environment or in files, as far as that is allowed. */
export class ExternalSecrets {
  private readonly allowed: readonly RegExp[];

  constructor(
    patterns: readonly string[],
    private readonly environment: Readonly<Record<string, string | undefined>> = process.env,
  ) {
    this.allowed = patterns.map((pattern) => new RegExp(`^${pattern.replace(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll('*', '[^/]*')}$`));
  }

  /** The value of `env:NAME` or `file:/path`, read now; throws {@link SecretReferenceError}. */
  async read(reference: string): Promise<string> {
    this.require(reference, reference);
    const [kind, place = ''] = [reference.slice(0, reference.indexOf(':')), reference.slice(reference.indexOf(':') + 1)];
    const value = kind === 'env' ? this.environment[place] : await this.file(place, reference);
    if (value === undefined || value === '') throw new SecretReferenceError(`${reference} holds nothing on this executor.`);
    return value;
  }

  private require(reference: string, named: string): void {
    if (this.allowed.some((pattern) => pattern.test(reference))) return;
    throw new SecretReferenceError(`${named} may not be read: ORDERLINES_SECRET_REFERENCES of the executors does not allow it.`);
  }

  /** A link may lead only to what could be named itself; the newline at a file's end is no part of the secret. */
  private async file(path: string, reference: string): Promise<string> {
    let text: string;
    try {
      const real = await realpath(path);
      if (real !== path && !this.isBeside(real, path)) this.require(`file:${real}`, reference);
      const file = await open(real);
      try {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_FILE_BYTES + 1), 0, MAX_FILE_BYTES + 1, 0);
        if (bytesRead > MAX_FILE_BYTES) throw new SecretReferenceError(`${reference} is longer than ${MAX_FILE_BYTES} bytes.`);
        text = buffer.toString('utf8', 0, bytesRead);
      } finally {
        await file.close();
      }
    } catch (error) {
      if (error instanceof SecretReferenceError) throw error;
      throw new SecretReferenceError(`${reference} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'it failed'}.`, {
        cause: error,
      });
    }
    return text.replace(/\r?\n$/, '');
  }

  /** Kubernetes mounts secrets as links into a folder beside them. */
  private isBeside(real: string, path: string): boolean {
    return real.startsWith(`${path.slice(0, path.lastIndexOf('/'))}/..`);
  }
}
