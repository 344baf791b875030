/** An act on what was seen: whatever comes of it, the page reads anew what there is now. */
import { codeOf } from '../api/client.ts';

/** Runs `act`, then `reload`; when somebody was before it reloads too and lets the person look and decide again. */
export async function freshly<T>(reload: () => void, act: () => Promise<T>): Promise<T> {
  try {
    const done = await act();
    reload();
    return done;
  } catch (error) {
    if (codeOf(error) === 'conflict') reload();
    throw error;
  }
}
