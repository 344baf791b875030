/** The retention in force: what is configured, with the day's delay a shorter one owes. */
import type { Config } from '../config/config.ts';
import { effectiveRetention, nextStep } from '../config/retention-change.ts';
import { createRetentionSteps } from '../db/retention/steps.ts';
import type { State } from './state.ts';

export interface RetentionInForce {
  /** Milliseconds. */
  ms(): number;
  /** Takes a change over when its time has come; called at start and each minute. */
  follow(nowMs: number): void;
}

/** Throws `config_invalid` for a shorter retention that nobody confirmed. */
export function retentionInForce(
  state: State,
  config: Config,
  at: { readonly nowMs: number; readonly confirmShorter: boolean },
): RetentionInForce {
  const steps = createRetentionSteps(state.db, state.audit);
  const history = steps.history();
  const { retentionMs } = config.retention;
  const step = nextStep(history, { retentionMs, confirmShorter: at.confirmShorter }, at.nowMs);
  if (step !== undefined) steps.add(step, history.at(-1)?.retentionMs);
  let inForce = retentionMs;
  const follow = (nowMs: number): void => {
    inForce = effectiveRetention(steps.history(), nowMs)?.retentionMs ?? retentionMs;
    steps.apply(inForce);
  };
  follow(at.nowMs);
  return { ms: () => inForce, follow };
}
