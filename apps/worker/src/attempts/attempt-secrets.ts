import { guardedPieces, masked, withOpened, type FailureReason, type Json } from '@orderlines/contracts';
import { OpenedSecrets, type GrantedSecrets, type TaskMessage } from '@orderlines/messaging';
import { TaskFailure, type TaskOutcome } from '@orderlines/plugin-sdk';
import { SecretMask, type SessionKey } from '@orderlines/secrets';

/** The secrets that one attempt was granted: put into its input, and hidden in everything it says. */
export class AttemptSecrets {
  /** Of attempts whose input names none. */
  static readonly NONE = new AttemptSecrets(new Map(), new SecretMask([]));

  private constructor(
    private readonly values: ReadonlyMap<string, Json>,
    private readonly mask: SecretMask,
  ) {}

  /** Opens what an executor granted for the input of a task; throws {@link SecretsRefused} when there is nothing to open. */
  static granted(task: TaskMessage, granted: GrantedSecrets | undefined, session: SessionKey): AttemptSecrets {
    if (guardedPieces(task.input).length === 0) return AttemptSecrets.NONE;
    if (granted === undefined)
      throw new SecretsRefused('infra', 'secret.not-granted', 'The executor that granted it gives no secrets: update it');
    if ('problem' in granted) {
      const { code, message } = granted.problem;
      throw new SecretsRefused(code === 'expression.failed' ? 'expression' : 'user', code, message);
    }
    const { values, masks, keyId, key } = OpenedSecrets.parse(JSON.parse(session.open(granted.box, task)));
    return new AttemptSecrets(new Map(values), new SecretMask(masks, { keyId, key: Buffer.from(key, 'base64'), dispatch: task }));
  }

  /** The input with the values of its secrets. */
  open(input: Json): Json {
    return withOpened(input, (piece) => {
      const value = this.values.get(piece);
      if (value !== undefined) return value;
      const message = 'A value above 256 KiB holds a secret: pass the secret as a value of its own';
      throw new TaskFailure('user', message, { code: 'secret.in-large-value' });
    });
  }

  /** Values that the task may see, but whose secrets its input does not name. */
  hide(values: Json): Json {
    return masked(values);
  }

  /** A line as people may read it. */
  line(text: string): string {
    return this.mask.text(text);
  }

  /** Values with what is secret in them sealed, as the next task gets them. */
  seal(values: Json): Json {
    return this.mask.sealed(values);
  }

  /** An outcome that may leave the worker. */
  outcome(outcome: TaskOutcome): TaskOutcome {
    const result = 'result' in outcome && outcome.result !== undefined ? { result: this.seal(outcome.result) } : {};
    if (outcome.status === 'SUCCESS') return { ...outcome, ...result };
    if (outcome.status === 'STOP') return { ...outcome, ...result };
    const { failure } = outcome;
    const detail = failure.detail === undefined ? {} : { detail: this.mask.masked(failure.detail) };
    return { ...outcome, failure: { ...failure, message: this.mask.text(failure.message), ...detail }, ...result };
  }
}

/** An attempt cannot run: its secrets are not there. */
export class SecretsRefused extends Error {
  constructor(
    readonly reason: Extract<FailureReason, 'user' | 'infra' | 'expression'>,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
