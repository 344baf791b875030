import type { KeyObject } from 'node:crypto';

/** The key of a mac. As an object where it is used often: made of bytes each time it would cost more than the mac itself. */
export type MacKey = Buffer | KeyObject;
