import { OrderlinesError, repeat, type Repetition } from '@orderlines/service-host';

/** Asks once more whether who has come in may be here. Throws `NotAuthenticated` or `NotAllowed`. */
export type AdmitAgain = () => Promise<unknown>;

/** With what is believed of tokens and rights, less than five seconds pass until a stream ends whose token or right has ended. */
const LOOK_MS = 1_500;
const REFUSALS = [401, 403, 404];

/** Looks again and again whether somebody may still be here, and tells once that they may not. While nobody can know they may. */
export const watchAdmission = (admitAgain: AdmitAgain, ended: (refusal: OrderlinesError) => void): Repetition => {
  let told = false;
  const round = async () => {
    try {
      if (!told) await admitAgain();
    } catch (error) {
      if (!(error instanceof OrderlinesError) || !REFUSALS.includes(error.status)) return;
      told = true;
      ended(error);
    }
  };
  return repeat({ everyMs: LOOK_MS, round, failed: () => undefined });
};
