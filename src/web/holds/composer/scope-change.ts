/** A change of what a hold binds, as it is typed or dragged, and its sending. */
import { useState } from 'preact/hooks';
import type { Hold, HoldPlaced } from '../../../http/api/index.ts';
import { actOnHold, widenHold } from '../../api/endpoints.ts';
import { serverNow } from '../../state/clock.ts';
import { useWords } from '../../state/language.ts';
import { useAction } from '../../state/load.ts';
import { go } from '../../state/route.ts';
import type { TimeFormat } from '../../time/format.ts';
import { endOf, isEnd, LEAST_REASON, windowOf, type HoldForm } from './form.ts';
import { freshly } from '../freshly.ts';
import { isChange, type Change, type Scope } from './scope.ts';

/** As typed. */
export type ScopeFields = Pick<HoldForm, 'cameraIds' | 'from' | 'to' | 'end'> & {
  readonly reason: string;
  readonly password: string;
};

export interface ScopeChange {
  readonly form: ScopeFields;
  readonly set: (part: Partial<ScopeFields>) => void;
  /** Whether it may be sent. */
  readonly complete: boolean;
  readonly running: boolean;
  readonly failed: string | undefined;
  readonly submit: () => void;
}

export interface ScopeChangeOptions {
  readonly hold: Hold;
  readonly change: Change;
  readonly onChange: () => void;
  /** A widening binds at once: what it found. */
  readonly onPlaced: (placed: HoldPlaced) => void;
}

export function useScopeChange({ hold, change, onChange, onPlaced }: ScopeChangeOptions): ScopeChange {
  const { time } = useWords();
  const [form, setForm] = useState(() => formOf(hold, time));
  const action = useAction();
  const scope = scopeOf(form, time);
  const reason = form.reason.trim();
  const proven = change === 'widen' || form.password !== '';
  const complete =
    scope !== undefined && isChange(change, hold, scope) && reason.length >= LEAST_REASON && proven;
  const send = async (body: Scope & { version: number; reason: string }): Promise<void> => {
    if (change === 'widen') {
      onPlaced(await freshly(onChange, () => widenHold(hold.id, body)));
      return;
    }
    await freshly(onChange, () => actOnHold(hold.id, 'narrow', { ...body, password: form.password }));
    go('holds', hold.id);
  };
  return {
    form,
    set: (part) => {
      setForm((f) => ({ ...f, ...part }));
    },
    complete,
    running: action.running,
    failed: action.failed,
    submit: () => {
      if (complete) action.run(() => send({ version: hold.version, ...scope, reason }));
    },
  };
}

function formOf({ cameraIds, fromMs, toMs, endMs }: Hold, time: TimeFormat): ScopeFields {
  const end = endMs === null ? '' : time.fullMoment(endMs);
  const [from, to] = [time.fullMoment(fromMs), time.fullMoment(toMs)];
  return { cameraIds, from, to, end, reason: '', password: '' };
}

/** Undefined while it is no scope: something cannot be read, no camera is left, or it ends before its window. */
function scopeOf(form: ScopeFields, time: TimeFormat): Scope | undefined {
  const window = windowOf(form, time);
  const endMs = endOf(form, time);
  if (window === undefined || endMs === undefined || form.cameraIds.length === 0) return undefined;
  if (endMs !== null && !isEnd(endMs, window.toMs, serverNow())) return undefined;
  return { ...window, endMs, cameraIds: [...form.cameraIds] };
}
