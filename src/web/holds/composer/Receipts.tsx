/** The receipts of clips that were deleted before the hold was set. */
import type { JSX } from 'preact';
import type { Camera, HoldCoverage } from '../../../http/api/index.ts';
import { Dialog } from '../../parts/Dialog.tsx';
import { useWords } from '../../state/language.ts';

export interface ReceiptsProps {
  readonly coverage: HoldCoverage;
  readonly cameras: readonly Camera[];
  readonly onClose: () => void;
}

export function Receipts({ coverage, cameras, onClose }: ReceiptsProps): JSX.Element {
  const { language, texts, time } = useWords();
  const { audit, composer, review, shared } = texts;
  const about = composer.receiptsShown(coverage.receipts.length, coverage.deletedClips);
  return (
    <Dialog title={composer.receiptsTitle} about={about} onClose={onClose}>
      <div class="receipts">
        <table>
          <thead>
            <tr>
              <th>{review.camera}</th>
              <th>{review.from}</th>
              <th>{shared.deleted}</th>
              <th>{audit.number}</th>
            </tr>
          </thead>
          <tbody>
            {coverage.receipts.map((r) => (
              <tr key={r.clipId}>
                <td>{cameras.find((c) => c.id === r.cameraId)?.name[language] ?? r.cameraId}</td>
                <td>{`${time.day(r.startMs)} ${time.second(r.startMs)}`}</td>
                <td>{`${time.day(r.atMs)} ${time.second(r.atMs)}`}</td>
                <td>{r.terminalSeq}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="dialog-foot">
        <button class="button" onClick={onClose}>
          {shared.close}
        </button>
      </div>
    </Dialog>
  );
}
