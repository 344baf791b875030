/** What keeps held footage is gone through: at start, when a root comes back, hourly. */
import type { Rooms } from './rooms.ts';

/** Pins first, so that what is known has its pin when the strays are looked at; mirrors last, when nothing is left. */
export async function goThroughHeld({
  pinner,
  strays,
  mirrors,
}: Pick<Rooms, 'pinner' | 'strays' | 'mirrors'>): Promise<void> {
  await pinner.run();
  await strays.run();
  await mirrors.sweep();
}
