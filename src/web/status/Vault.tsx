/** The vault: where copies of held clips lie apart from the recorders. Not shown where none is configured. */
import type { JSX } from 'preact';
import type { Status } from '../../http/api/index.ts';
import { useWords } from '../state/language.ts';
import { formatBytes } from '../time/format.ts';
import { Card, Pairs } from './Card.tsx';
import type { HouseProps } from './data.ts';
import { OnDisk, SelfTest, Waiting } from './Roots.tsx';
import { Erasure, Matters, useDiskPairs } from './Storage.tsx';

export function Vault({ data, session, onChange }: HouseProps): JSX.Element | null {
  const { texts } = useWords();
  const { vault, holds } = data.status;
  if (vault === null) return null;
  const { state } = vault;
  const tone = state === 'online' ? 'ok' : state === 'recovery' ? 'due' : 'bad';
  const chip = { tone, text: texts.statusDetails.rootWords[state] } as const;
  const asked = { ...vault, adoptionEndsMs: null };
  const { standing } = holds;
  return (
    <Card icon="disk" title={texts.vault.title} span={6} chip={chip}>
      <div class="root">
        <div>
          <p>{texts.vault.states[state]}</p>
          <Matters root={{ ...vault, lastScan: null, unreadableDirs: 0 }} />
          <Shares vault={vault} />
          <OnDisk root={vault} />
          <Waiting root={asked} standingHolds={standing} session={session} onChange={onChange} />
          <SelfTest root={vault} />
          <Erasure root={vault} />
        </div>
        <Figures vault={vault} />
      </div>
    </Card>
  );
}

type VaultStatus = NonNullable<Status['vault']>;

function Shares({ vault }: { vault: VaultStatus }): JSX.Element | null {
  const { texts } = useWords();
  return vault.sharesDiskWith.length === 0 ? null : (
    <p>{texts.vault.shares(vault.sharesDiskWith.join(', '))}</p>
  );
}

function Figures({ vault }: { vault: VaultStatus }): JSX.Element {
  const { texts, time } = useWords();
  const t = texts.vault;
  const size = (bytes: number): string => formatBytes(bytes, time.locale);
  const { copies, copyBytes, keepFreeBytes } = vault;
  const counted = copies === null || copyBytes === null ? t.notCounted : t.copiesOf(copies, size(copyBytes));
  return (
    <Pairs
      pairs={[
        { name: t.copies, value: counted },
        ...useDiskPairs(vault, keepFreeBytes),
        { name: t.keepFree, value: size(keepFreeBytes) },
      ]}
    />
  );
}
