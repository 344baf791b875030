/** How far a hold's footage is preserved: second names, copies, what was decoded, and each flaw that was found. */
import type { JSX } from 'preact';
import type { Camera, Hold, HoldPreservation } from '../../../http/api/index.ts';
import { getHoldPreservation } from '../../api/endpoints.ts';
import { Failure } from '../../parts/Failure.tsx';
import { useWords } from '../../state/language.ts';
import { useLoad } from '../../state/load.ts';
import type { Words } from '../../texts/words.ts';
import { Fact } from './Facts.tsx';

/** Copies and checks go on in the background. */
const AGAIN_MS = 60_000;

export interface PreservedProps {
  readonly hold: Hold;
  readonly cameras: readonly Camera[];
}

/** Nothing is kept any more of a hold that has ended. */
export function Preserved({ hold, cameras }: PreservedProps): JSX.Element | null {
  return hold.state === 'ended' ? null : <Panel hold={hold} cameras={cameras} />;
}

function Panel({ hold, cameras }: PreservedProps): JSX.Element {
  const { texts } = useWords();
  const key = `preserved ${hold.id} ${String(hold.version)}`;
  const { value, failed } = useLoad<HoldPreservation>(key, () => getHoldPreservation(hold.id), AGAIN_MS);
  return (
    <section class="panel covers" aria-label={texts.preserved.title}>
      <h2>{texts.preserved.title}</h2>
      <Failure code={failed} />
      {value === undefined ? null : (
        <>
          <Counts of={value} />
          <Flaws of={value} cameras={cameras} />
        </>
      )}
    </section>
  );
}

function Counts({ of }: { of: HoldPreservation }): JSX.Element {
  const { texts, number } = useWords();
  const { preserved } = texts;
  const share = (n: number): string => preserved.of(number(n), number(of.covered));
  const waiting = of.copied - of.whole - of.damaged - of.unchecked;
  return (
    <dl class="covers-facts">
      <Fact icon="hold" tone="hold" name={preserved.pinned} value={share(of.pinned)}>
        {preserved.pinnedMore}
      </Fact>
      <Fact icon="disk" tone="hold" name={preserved.copied} value={share(of.copied)}>
        {preserved.copiedMore}
      </Fact>
      <Fact icon="ok" tone="ok" name={preserved.whole} value={share(of.whole)}>
        {waiting > 0 ? preserved.waiting(waiting) : null}
      </Fact>
      <Fact
        icon="warn"
        tone="due"
        name={preserved.damaged}
        value={number(of.damaged)}
        hidden={of.damaged === 0}
      >
        {preserved.damagedMore}
      </Fact>
      <Fact icon="help" name={preserved.unchecked} value={number(of.unchecked)} hidden={of.unchecked === 0}>
        {null}
      </Fact>
    </dl>
  );
}

function Flaws({ of, cameras }: { of: HoldPreservation; cameras: readonly Camera[] }): JSX.Element | null {
  const words = useWords();
  const { language, texts, time } = words;
  const { preserved, review } = texts;
  const all = of.damaged + of.unchecked;
  if (of.flaws.length === 0) return null;
  return (
    <div class="receipts">
      <table aria-label={preserved.flaws}>
        <thead>
          <tr>
            <th>{review.camera}</th>
            <th>{review.from}</th>
            <th>{review.to}</th>
            <th>{review.what}</th>
          </tr>
        </thead>
        <tbody>
          {of.flaws.map((flaw) => (
            <tr key={`${flaw.cameraId} ${String(flaw.startMs)}`}>
              <td>{cameras.find((c) => c.id === flaw.cameraId)?.name[language] ?? flaw.cameraId}</td>
              <td>{`${time.day(flaw.startMs)} ${time.second(flaw.startMs)}`}</td>
              <td>{time.second(flaw.endMs)}</td>
              <td>{sentence(flaw, words)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {all > of.flaws.length ? <p class="muted">{preserved.shown(of.flaws.length, all)}</p> : null}
    </div>
  );
}

function sentence(flaw: HoldPreservation['flaws'][number], { texts, time }: Words): string {
  const { preserved } = texts;
  if (flaw.what === 'altered') return preserved.altered;
  if (flaw.what === 'unchecked') return flaw.why === null ? '' : preserved.why[flaw.why];
  return [
    ...(flaw.shortMs > 0 ? [preserved.endsEarly(time.span(flaw.shortMs))] : []),
    ...(flaw.errors > 0 ? [preserved.errors(flaw.errors)] : []),
  ].join(' · ');
}
