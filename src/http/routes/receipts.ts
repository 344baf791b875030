/** Proof of deletion. */
import { ReceiptList, ReceiptQuery } from '../api/index.ts';
import { guarded } from '../route.ts';
import { windowOf } from '../window.ts';
import { demandCamera } from './cameras.ts';

const MAX_RECEIPTS = 500;

export const receipts = guarded({
  method: 'GET',
  path: '/api/v1/receipts',
  summary: 'Receipts of deleted clips of a camera, at most 500',
  allow: 'coverage.read',
  query: ReceiptQuery,
  output: { status: 200, json: ReceiptList },
  handle: ({ deps, query }) => {
    const window = windowOf(query);
    demandCamera(deps, query.camera);
    return { status: 200, json: { receipts: deps.clips.receipts(query.camera, window, MAX_RECEIPTS) } };
  },
});
