/** Files nobody claims, by kind, with what to do about each; their names for those who can do something. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Status, UnownedPage } from '../../http/api/index.ts';
import { confirmUnowned, getUnowned } from '../api/endpoints.ts';
import { Failure } from '../parts/Failure.tsx';
import { PasswordDialog } from '../parts/PasswordDialog.tsx';
import { useWords } from '../state/language.ts';
import { useAction } from '../state/load.ts';
import { DAY_MS } from '../time/zone.ts';
import { Card, Figure } from './Card.tsx';
import type { HouseProps } from './data.ts';

type Root = Status['roots'][number];

/** Then the card takes a row of its own. */
export function hasUnowned({ roots }: Status): boolean {
  return roots.some((r) => r.unowned > 0);
}

export function Unowned(props: HouseProps): JSX.Element {
  const { texts, number } = useWords();
  const t = texts.status;
  const roots = props.data.status.roots.filter((r) => r.unowned > 0 || r.unownedRule !== null || isOdd(r));
  const count = roots.reduce((n, r) => n + r.unowned, 0);
  const mayRead = props.session.permissions.includes('unowned.read');
  return (
    <Card icon="file" title={t.unowned} span={hasUnowned(props.data.status) ? 12 : 3}>
      <Figure value={number(count)} unit={roots.length === 1 ? t.unownedOn(roots[0]?.id ?? '') : ''} />
      <p class="card-foot">{count === 0 ? t.unownedNone : t.unownedMore}</p>
      {roots.map((root) => (
        <Kinds key={root.id} root={root} {...props} />
      ))}
      {count > 0 && mayRead ? <Names /> : null}
    </Card>
  );
}

function isOdd({ oddClips }: Root): boolean {
  return oddClips.empty + oddClips.undatable > 0;
}

function Kinds({ root, session, onChange }: HouseProps & { root: Root }): JSX.Element {
  const { texts, number } = useWords();
  const t = texts.unowned;
  const [asking, setAsking] = useState(false);
  const rule = root.unownedRule;
  const days = rule === null ? 0 : Math.round(rule.deleteAfterMs / DAY_MS);
  return (
    <section class="unowned-root">
      <h3>{root.id}</h3>
      <ul class="self-test">
        {root.unownedBy.map(({ reason, files, empty }) => (
          <li key={reason}>
            <b>{number(files)}</b>
            <span>
              {t.reasons[reason]} {empty > 0 && reason !== 'link' ? `(${t.empty(number(empty))})` : null}
            </span>
          </li>
        ))}
        {(['empty', 'undatable'] as const).map((kind) =>
          root.oddClips[kind] === 0 ? null : (
            <li key={kind}>
              <b>{number(root.oddClips[kind])}</b>
              <span>{t.odd[kind]}</span>
            </li>
          ),
        )}
      </ul>
      <p>{rule === null ? t.noRule : rule.confirmed ? t.inForce(days) : t.waits(days)}</p>
      {rule?.confirmed === false && session.permissions.includes('unowned.confirm') ? (
        <button
          class="button"
          onClick={() => {
            setAsking(true);
          }}
        >
          {t.confirm}
        </button>
      ) : null}
      {asking ? (
        <PasswordDialog
          title={`${t.confirm}${texts.shared.colon} ${root.id}`}
          about={t.confirmMore}
          go={texts.statusDetails.confirm}
          onClose={() => {
            setAsking(false);
          }}
          onGo={async (password) => {
            await confirmUnowned(root.id, password);
            setAsking(false);
            onChange();
          }}
        />
      ) : null}
    </section>
  );
}

/** Page after page, when asked for: there may be ten thousand. */
function Names(): JSX.Element {
  const { texts } = useWords();
  const t = texts.unowned;
  const [files, setFiles] = useState<UnownedPage['files']>([]);
  const [next, setNext] = useState<string | null | undefined>(undefined);
  const loading = useAction();
  const load = async (): Promise<void> => {
    const page = await getUnowned(next ?? undefined);
    setFiles([...files, ...page.files]);
    setNext(page.nextCursor);
  };
  return (
    <>
      {files.length === 0 ? null : (
        <ul class="self-test unowned-names">
          {files.map((f) => (
            <li key={`${f.rootId} ${f.pathBytes}`}>
              <b>{f.rootId}</b>
              <code>{f.path}</code>
            </li>
          ))}
        </ul>
      )}
      {next === null ? null : (
        <button
          class="button"
          disabled={loading.running}
          onClick={() => {
            loading.run(load);
          }}
        >
          {next === undefined ? t.show : t.more}
        </button>
      )}
      <Failure code={loading.failed} />
    </>
  );
}
