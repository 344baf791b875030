/** The disks of the recorders: their state in words, what the self-test found, and what a person can confirm. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Session, Status } from '../../http/api/index.ts';
import { confirmAdoption, resetBreaker } from '../api/endpoints.ts';
import { Icon } from '../parts/Icon.tsx';
import { PasswordDialog } from '../parts/PasswordDialog.tsx';
import { useWords } from '../state/language.ts';
import { formatBytes } from '../time/format.ts';
import { Card, Pairs } from './Card.tsx';
import type { HouseProps } from './HouseCards.tsx';

type Root = Status['roots'][number];

export function Roots({ data, session, onChange }: HouseProps): JSX.Element {
  return (
    <>
      {data.status.roots.map((root) => (
        <RootCard key={root.id} root={root} session={session} onChange={onChange} />
      ))}
    </>
  );
}

interface RootProps {
  readonly root: Root;
  readonly session: Session;
  readonly onChange: () => void;
}

function RootCard(props: RootProps): JSX.Element {
  const { root } = props;
  const { texts, time } = useWords();
  const d = texts.statusDetails;
  const well = root.state === 'online' && root.breakerSinceMs === null;
  const waits = root.state === 'adopting' || root.breakerSinceMs !== null;
  const chip = { tone: well ? 'ok' : waits ? 'due' : 'bad', text: d.rootWords[root.state] } as const;
  return (
    <Card icon="disk" title={root.id} span={6} chip={chip}>
      <div class="root">
        <div>
          <p>{d.rootStates[root.state]}</p>
          <Waiting {...props} />
          <SelfTest root={root} />
        </div>
        <Pairs
          pairs={[
            { name: d.layout, value: root.layout },
            { name: d.fileSystem, value: root.fileSystem },
            {
              name: d.free,
              value: d.freeOf(
                formatBytes(root.freeBytes, time.locale),
                formatBytes(root.totalBytes, time.locale),
              ),
            },
            {
              name: d.lastReconcile,
              value: root.lastReconcileMs === null ? d.notYet : time.moment(root.lastReconcileMs),
            },
          ]}
        />
      </div>
    </Card>
  );
}

/** Adoption and breaker: what waits, and for whom. */
function Waiting({ root, session, onChange }: RootProps): JSX.Element | null {
  const { texts, time, number } = useWords();
  const d = texts.statusDetails;
  const [asking, setAsking] = useState(false);
  const adopting = root.state === 'adopting';
  if (!adopting && root.breakerSinceMs === null) return null;
  const mayConfirm = session.permissions.includes('roots.confirm');
  return (
    <div class="notice">
      <Icon name="clock" />
      <span>
        {root.breakerSinceMs === null ? null : `${d.breaker(time.moment(root.breakerSinceMs))} `}
        {d.waiting(number(root.waitingClips))}{' '}
        {root.adoptionEndsMs === null ? null : d.adoptionEnds(time.moment(root.adoptionEndsMs))}
        {mayConfirm ? (
          <button
            class="button root-confirm"
            onClick={() => {
              setAsking(true);
            }}
          >
            {adopting ? d.adopt : d.resume}
          </button>
        ) : null}
      </span>
      {asking ? (
        <ConfirmDialog
          root={root}
          onClose={() => {
            setAsking(false);
          }}
          onDone={() => {
            setAsking(false);
            onChange();
          }}
        />
      ) : null}
    </div>
  );
}

function ConfirmDialog({
  root,
  onClose,
  onDone,
}: {
  root: Root;
  onClose: () => void;
  onDone: () => void;
}): JSX.Element {
  const { texts } = useWords();
  const d = texts.statusDetails;
  const [trustNames, setTrustNames] = useState(false);
  const adopting = root.state === 'adopting';
  return (
    <PasswordDialog
      title={`${adopting ? d.adopt : d.resume}: ${root.id}`}
      about={adopting ? d.adoptMore : d.resumeMore}
      go={d.confirm}
      onClose={onClose}
      onGo={async (password) => {
        await (adopting ? confirmAdoption(root.id, password, trustNames) : resetBreaker(root.id, password));
        onDone();
      }}
    >
      {adopting ? (
        <label class="check">
          <input
            type="checkbox"
            checked={trustNames}
            onChange={(e) => {
              setTrustNames(e.currentTarget.checked);
            }}
          />
          {d.trustNames}
        </label>
      ) : null}
    </PasswordDialog>
  );
}

/** Only what is missing, with the command that repairs it. */
function SelfTest({ root }: { root: Root }): JSX.Element | null {
  const { texts } = useWords();
  const d = texts.statusDetails;
  const names: Readonly<Record<string, string>> = d.checks;
  const missing = root.selfTest.filter((t) => !t.ok);
  if (missing.length === 0) return null;
  return (
    <ul class="self-test">
      {missing.map((t) => (
        <li key={t.check}>
          <Icon name="warn" />
          <span>
            {names[t.check] ?? t.check}
            {t.repair === null ? null : (
              <>
                {' '}
                · {d.repair} <code>{t.repair}</code>
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
