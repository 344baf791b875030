/** What is the matter with a disk beyond its state, and what happens to footage that was deleted from it. */
import type { JSX } from 'preact';
import type { Status } from '../../http/api/index.ts';
import { Icon } from '../parts/Icon.tsx';
import { useWords } from '../state/language.ts';
import { formatBytes } from '../time/format.ts';
import type { Pair } from './Card.tsx';

type Root = Status['roots'][number];

/** What led to the state, how the last look ended, what could not be read. */
export function Matters({
  root,
}: {
  root: Pick<Root, 'state' | 'cause' | 'lastScan' | 'unreadableDirs'>;
}): JSX.Element | null {
  const { texts, number } = useWords();
  const t = texts.storage;
  const sentences = [
    ...(root.cause === null ? [] : [t.causes[root.cause]]),
    ...(root.lastScan === 'discarded' ? [t.scanDiscarded] : []),
    ...(root.lastScan === 'refused' && root.state === 'online' ? [t.scanRefused] : []),
    ...(root.unreadableDirs > 0 ? [t.unreadable(number(root.unreadableDirs))] : []),
  ];
  if (sentences.length === 0) return null;
  return (
    <ul class="self-test">
      {sentences.map((sentence) => (
        <li key={sentence}>
          <Icon name="warn" />
          <span>{sentence}</span>
        </li>
      ))}
    </ul>
  );
}

/** Said as it is: deleting removes names, and what the disk keeps of the content is another matter. */
export function Erasure({
  root,
}: {
  root: Pick<Root, 'totalBytes' | 'erasure' | 'snapshots' | 'encrypted'>;
}): JSX.Element | null {
  const { texts, number } = useWords();
  const t = texts.storage;
  if (root.totalBytes === 0) return null;
  return (
    <p class="card-foot">
      <b>
        {t.erasure}
        {texts.shared.colon}
      </b>{' '}
      {t.classes[root.erasure]} {root.snapshots > 0 ? `${t.snapshots(number(root.snapshots))} ` : null}
      {root.encrypted === null ? null : root.encrypted ? t.encrypted : t.plain}
    </p>
  );
}

/** What is known of the disk's file system: nothing while it is not there. `keepFreeBytes`: less than that is bad. */
export function useDiskPairs(
  root: Pick<Root, 'fileSystem' | 'freeBytes' | 'totalBytes'>,
  keepFreeBytes = 0,
): Pair[] {
  const { texts, time } = useWords();
  const d = texts.statusDetails;
  const { freeBytes, totalBytes } = root;
  if (totalBytes === 0) return [{ name: d.fileSystem, value: d.notKnown }];
  const size = (bytes: number): string => formatBytes(bytes, time.locale);
  return [
    { name: d.fileSystem, value: root.fileSystem },
    { name: d.free, value: d.freeOf(size(freeBytes), size(totalBytes)), bad: freeBytes < keepFreeBytes },
  ];
}
