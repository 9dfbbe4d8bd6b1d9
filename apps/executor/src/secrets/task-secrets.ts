import { guardedPieces, readGuardedPiece, withOpened, type Guarded, type Json, type JsonObject } from '@orderlines/contracts';
import type { GrantedSecrets, OpenedSecrets } from '@orderlines/messaging';
import { boundToName, findSecret } from '@orderlines/persistence/postgres';
import { ExpressionError, parseExpression } from '@orderlines/process-engine';
import { sealFor, SecretKeyError, SecretReferenceError, type Dispatch, type ExternalSecrets, type KeyRing } from '@orderlines/secrets';
import { OrderlinesError } from '@orderlines/service-host';
import type { Pool } from 'pg';

/** Expressions over values that expressions gave: no process nests them deeper. */
const MAX_DEPTH = 8;

/** What a granted claim asks for. */
export interface SecretsRequest extends Dispatch {
  readonly instanceId: string;
  /** Public key of the worker's session. */
  readonly sessionKey: string;
  /** The guarded pieces of its input. */
  readonly pieces: readonly string[];
}

/** Opens what the input of a granted attempt names, for the session it was granted to: the only way that a secret takes out of Postgres. */
export class TaskSecrets {
  constructor(
    private readonly pool: Pool,
    private readonly keys: KeyRing,
    private readonly external: ExternalSecrets,
  ) {}

  /** The values, sealed; or why there are none, in words for the people of the run. */
  async grant(request: SecretsRequest): Promise<GrantedSecrets> {
    try {
      const opening = new Opening(this.pool, this.keys, this.external);
      const values: [string, Json][] = [];
      for (const piece of await this.named(request)) values.push([piece, await opening.open(piece)]);
      const { keyId, key } = this.keys.attemptKey(request);
      const content: OpenedSecrets = { values, masks: [...opening.masks], key: key.toString('base64'), keyId };
      return { box: sealFor(request.sessionKey, JSON.stringify(content), request) };
    } catch (error) {
      if (error instanceof ExpressionError) return { problem: untold(error) };
      if (error instanceof SecretMissing || error instanceof SecretKeyError || error instanceof SecretReferenceError) {
        return { problem: { code: error.code, message: error.message } };
      }
      throw error;
    }
  }

  /** The pieces that stand in the row's input: a worker gets what its task names and nothing else. */
  private async named({ instanceId, taskInstanceId, pieces }: SecretsRequest): Promise<readonly string[]> {
    const { rows } = await this.pool.query<{ input: Json }>({
      name: 'guarded-input',
      text: 'select input from runtime.task_instance where process_instance_id = $1 and id = $2',
      values: [instanceId, taskInstanceId],
    });
    const known = new Set(guardedPieces(rows[0]?.input ?? null));
    if (pieces.every((piece) => known.has(piece))) return pieces;
    throw new SecretMissing('The worker asked for a secret that the input of its task does not name.');
  }
}

/** What is wrong with a value would tell of it: of an expression that computes with secrets only its place is told. */
function untold({ expression, offset }: ExpressionError): { readonly code: string; readonly message: string } {
  const place = offset === undefined ? '' : ` at character ${offset + 1}`;
  const message = `\${{ ${expression.trim()} }} failed${place}. It computes with a secret, so what is wrong with the value is not told.`;
  return { code: 'expression.failed', message };
}

class SecretMissing extends OrderlinesError {
  constructor(message: string) {
    super('secret.missing', message, 422);
  }
}

/** Opens pieces for one task, and remembers what has to be masked in what the task says. */
class Opening {
  /** Everything that must not be seen again: secrets, and what was made of them. */
  readonly masks = new Set<string>();

  constructor(
    private readonly pool: Pool,
    private readonly keys: KeyRing,
    private readonly external: ExternalSecrets,
  ) {}

  async open(piece: string, depth = 0): Promise<Json> {
    const guarded = depth <= MAX_DEPTH ? readGuardedPiece(piece) : null;
    if (guarded === null) throw new SecretMissing('A piece of the input that stands for a secret cannot be read.');
    const value = await this.valueOf(guarded, depth);
    this.remember(value);
    return value;
  }

  private async valueOf(guarded: Guarded, depth: number): Promise<Json> {
    switch (guarded.kind) {
      case 'secret':
        return this.secret(guarded.namespace, guarded.name);
      case 'sealed':
        return JSON.parse(this.keys.openAttemptBox(guarded.box)) as Json;
      case 'expression':
        return parseExpression(guarded.source).evaluate(await this.openedRoots(guarded.roots, depth));
    }
  }

  private async secret(namespace: string, name: string): Promise<string> {
    const stored = await findSecret(this.pool, { namespace, name });
    if (stored?.reference !== undefined) return this.external.read(stored.reference);
    if (stored !== null) return this.keys.open(stored.keyId, stored.box, boundToName(stored));
    const command = `orderlines secret set ${name} --namespace ${namespace}`;
    throw new SecretMissing(`There is no secret \`${name}\` in the namespace \`${namespace}\`, and none for all: \`${command}\`.`);
  }

  private async openedRoots(roots: Readonly<JsonObject>, depth: number): Promise<JsonObject> {
    const values = new Map<string, Json>();
    for (const piece of guardedPieces(roots)) values.set(piece, await this.open(piece, depth + 1));
    return withOpened(roots, (piece) => values.get(piece) ?? null) as JsonObject;
  }

  /** A decision over a secret tells next to nothing of it; texts and numbers do. */
  private remember(value: Json): void {
    if (typeof value === 'string' || typeof value === 'number') this.masks.add(String(value));
    else if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) this.remember(member);
  }
}
