/** The field for a typed time: what it cannot read stays in it, with a sentence that says why. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { serverNow } from '../state/clock.ts';
import { useWords } from '../state/language.ts';
import type { Words } from '../texts/words.ts';
import { parseTime, type TypedTime } from '../time/parse.ts';
import type { Desk } from './desk.ts';

/** A time that cannot be gone to at once. */
type Doubt = Exclude<TypedTime, { is: 'moment' }> | { readonly is: 'future' };

export function Jump({ desk, onClose }: { desk: Desk; onClose: () => void }): JSX.Element {
  const { texts, time } = useWords();
  const input = useRef<HTMLInputElement>(null);
  const [doubt, setDoubt] = useState<Doubt | undefined>(undefined);
  useEffect(() => {
    input.current?.select();
  }, []);
  const go = (ms: number): void => {
    desk.seek(ms);
    onClose();
  };
  return (
    <form
      class="clock-typed"
      onSubmit={(event) => {
        event.preventDefault();
        const nowMs = serverNow();
        const typed = parseTime(input.current?.value ?? '', { atMs: desk.atMs.get(), nowMs }, time);
        if (typed.is !== 'moment') setDoubt(typed);
        else if (typed.ms > nowMs) setDoubt({ is: 'future' });
        else go(typed.ms);
      }}
      onFocusOut={(event) => {
        const to = event.relatedTarget;
        if (!(to instanceof Node && event.currentTarget.contains(to))) onClose();
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape') onClose();
      }}
    >
      <input
        ref={input}
        class="clock-jump"
        aria-label={texts.review.jump}
        aria-invalid={doubt !== undefined}
        aria-describedby="jump-doubt"
        autocomplete="off"
        spellcheck={false}
        defaultValue={time.second(desk.atMs.get())}
        onInput={() => {
          setDoubt(undefined);
        }}
      />
      {doubt === undefined ? null : (
        <div class="clock-doubt" id="jump-doubt" role="alert">
          <DoubtText doubt={doubt} onChoose={go} />
        </div>
      )}
    </form>
  );
}

function DoubtText({ doubt, onChoose }: { doubt: Doubt; onChoose: (ms: number) => void }): JSX.Element {
  const words = useWords();
  if (doubt.is !== 'twice') return <span>{sentenceOf(doubt.is, words)}</span>;
  const { review } = words.texts;
  const choices = [
    [doubt.firstMs, review.jumpFirst],
    [doubt.secondMs, review.jumpSecond],
  ] as const;
  return (
    <>
      <span>{review.jumpTwice(words.time.minute(doubt.firstMs))}</span>
      {choices.map(([ms, label]) => (
        <button
          key={label}
          type="button"
          class="button"
          onClick={() => {
            onChoose(ms);
          }}
        >
          {label}
        </button>
      ))}
    </>
  );
}

function sentenceOf(doubt: Exclude<Doubt['is'], 'twice'>, { texts }: Words): string {
  const { review } = texts;
  switch (doubt) {
    case 'unread':
      return review.jumpUnread;
    case 'impossible':
      return review.jumpImpossible;
    case 'future':
      return review.jumpFuture;
  }
}
