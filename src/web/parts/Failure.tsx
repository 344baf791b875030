/** What went wrong, as a sentence; and the states of data that is on its way, absent, or not to be had. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useTexts } from '../state/language.ts';
import type { Loaded } from '../state/load.ts';
import type { Texts } from '../texts/index.ts';
import { Icon } from './Icon.tsx';

export function sentenceOf(code: string, texts: Texts): string {
  const { other, ...known } = texts.problems;
  const sentences: Readonly<Record<string, string>> = known;
  return sentences[code] ?? other(code);
}

export function Failure({ code }: { code: string | undefined }): JSX.Element | null {
  const texts = useTexts();
  if (code === undefined) return null;
  return (
    <p class="notice bad" role="alert">
      <Icon name="warn" />
      {sentenceOf(code, texts)}
    </p>
  );
}

/** Text only when it takes longer than a moment. */
const PATIENCE_MS = 400;

function Waiting(): JSX.Element {
  const texts = useTexts();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setLate(true);
    }, PATIENCE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return (
    <div class="state" role="status">
      {late ? texts.shared.loading : ''}
    </div>
  );
}

/** Shows `children` of the loaded value; before it the waiting, and a failure with a way to try again. */
export function Await<T>(props: { of: Loaded<T>; children: (value: T) => ComponentChildren }): JSX.Element {
  const texts = useTexts();
  const { value, failed, reload } = props.of;
  if (value !== undefined) return <>{props.children(value)}</>;
  if (failed === undefined) return <Waiting />;
  return (
    <div class="state" role="alert">
      <b>{texts.shared.pageFailed}</b>
      {sentenceOf(failed, texts)}
      <button class="button" onClick={reload}>
        {texts.shared.retry}
      </button>
    </div>
  );
}
