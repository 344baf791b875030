/** What the hold would cover, asked shortly after the last change; an answer to an older question is dropped. */
import { useEffect, useState } from 'preact/hooks';
import type { HoldCoverage } from '../../../http/api/index.ts';
import { codeOf, isAbort } from '../../api/client.ts';
import { previewHold } from '../../api/endpoints.ts';
import type { Span } from '../../timeline/footage.ts';

const PAUSE_MS = 250;

export interface Preview {
  readonly value: HoldCoverage | undefined;
  readonly failed: string | undefined;
  /** The value belongs to an older question. */
  readonly waiting: boolean;
}

const NOTHING: Preview = { value: undefined, failed: undefined, waiting: false };

export function usePreview(cameraIds: readonly string[], window: Span | undefined): Preview {
  const [preview, setPreview] = useState<Preview>(NOTHING);
  const question = window === undefined || cameraIds.length === 0 ? '' : JSON.stringify([cameraIds, window]);
  useEffect(() => {
    if (window === undefined || cameraIds.length === 0) {
      setPreview(NOTHING);
      return undefined;
    }
    const stop = new AbortController();
    setPreview((p) => ({ ...p, waiting: true }));
    const timer = setTimeout(() => {
      previewHold({ cameraIds: [...cameraIds], ...window }, stop.signal).then(
        (value) => {
          setPreview({ value, failed: undefined, waiting: false });
        },
        (error: unknown) => {
          if (!isAbort(error)) setPreview({ value: undefined, failed: codeOf(error), waiting: false });
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [question]);
  return preview;
}
