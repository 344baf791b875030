import { z } from 'zod';
import { cameraId, ms, windowQuery } from './common.ts';

export const Receipt = z.strictObject({
  clipId: z.number().int(),
  cameraId,
  startMs: ms,
  endMs: ms,
  dueMs: ms,
  sizeBytes: z.number(),
  outcome: z.enum([
    'deleted',
    'deleted_recovered',
    'already_gone',
    'identity_changed',
    'withdrawn_held',
    'failed',
  ]),
  reason: z.enum(['retention', 'hold_released']),
  intentSeq: z.number().int(),
  terminalSeq: z.number().int(),
  atMs: ms,
});
export const ReceiptQuery = z.strictObject({ ...windowQuery.shape, camera: cameraId });
export const ReceiptList = z.strictObject({ receipts: z.array(Receipt) });

export type Receipt = z.infer<typeof Receipt>;
export type ReceiptList = z.infer<typeof ReceiptList>;
