/** The page as a whole: signed out, or the bar and one of the pages of the role. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Session, Site } from '../http/api/index.ts';
import { Accounts } from './accounts/Accounts.tsx';
import { Audit } from './audit/Audit.tsx';
import { Holds } from './holds/Holds.tsx';
import { Login } from './login/Login.tsx';
import { PurposeDialog } from './login/PurposeDialog.tsx';
import { sentenceOf } from './parts/Failure.tsx';
import { Icon } from './parts/Icon.tsx';
import { TopBar } from './parts/TopBar.tsx';
import { Review } from './review/Review.tsx';
import { useTexts } from './state/language.ts';
import { PAGES_OF, route, type Page } from './state/route.ts';
import { access, purpose, start } from './state/session.ts';
import { useStore, useValue } from './state/store.ts';
import { Status } from './status/Status.tsx';

export function App(): JSX.Element {
  const now = useValue(access);
  const texts = useTexts();
  switch (now.kind) {
    case 'starting':
      return <div class="state" />;
    case 'failed':
      return (
        <div class="state" role="alert">
          <b>{texts.shared.pageFailed}</b>
          {sentenceOf(now.code, texts)}
          <button
            class="button"
            onClick={() => {
              void start();
            }}
          >
            {texts.shared.retry}
          </button>
        </div>
      );
    case 'signed_out':
      return <Login site={now.site} ended={now.ended} />;
    case 'signed_in':
      return <SignedIn site={now.site} session={now.session} />;
  }
}

function SignedIn({ site, session }: { site: Site; session: Session }): JSX.Element {
  const texts = useTexts();
  const asked = useStore(route, (r) => r.page);
  const page = asked ?? PAGES_OF[session.role][0];
  const allowed = page !== undefined && PAGES_OF[session.role].includes(page);
  useEffect(() => {
    document.title = `${page === undefined ? '' : `${texts.shared[page]} · `}${site.name} · Fortnight`;
  }, [page, texts, site]);
  return (
    <div class="page" data-page={page}>
      <TopBar site={site} session={session} page={page}>
        {page === 'review' && allowed ? <PurposePill /> : null}
        {page === 'holds' && session.role === 'facility' ? (
          <span class="chip tall">
            <Icon name="noEye" />
            {texts.shared.noPictures}
          </span>
        ) : null}
      </TopBar>
      {allowed ? (
        <Shown page={page} site={site} session={session} />
      ) : (
        <NotYours role={texts.shared.roles[session.role]} />
      )}
    </div>
  );
}

function Shown({ page, site, session }: { page: Page; site: Site; session: Session }): JSX.Element {
  const standing = useStore(purpose, (p) => p !== null);
  switch (page) {
    case 'review':
      return (
        <>
          <Review days={site.retentionDays} />
          {standing ? null : <PurposeDialog />}
        </>
      );
    case 'holds':
      return <Holds session={session} days={site.retentionDays} />;
    case 'audit':
      return <Audit />;
    case 'status':
      return <Status session={session} />;
    case 'accounts':
      return <Accounts session={session} />;
  }
}

function NotYours({ role }: { role: string }): JSX.Element {
  const { shared } = useTexts();
  return (
    <main class="state">
      <div role="alert">
        <b>{shared.notYours}</b>
        <p>{shared.notYoursHint(role)}</p>
      </div>
    </main>
  );
}

/** Always in sight while pictures are shown: why, and that it is recorded. */
function PurposePill(): JSX.Element | null {
  const texts = useTexts();
  const stated = useValue(purpose);
  const [changing, setChanging] = useState(false);
  if (stated === null) return null;
  const kind =
    stated.kind === 'case' && stated.caseRef !== undefined
      ? stated.caseRef
      : texts.login.purposes[stated.kind];
  return (
    <div class="purpose">
      <button
        title={texts.shared.changePurpose}
        onClick={() => {
          setChanging(true);
        }}
      >
        <Icon name="eye" />
        <b>
          {kind}
          {texts.shared.colon} {stated.note}
        </b>
      </button>
      <span class="recorded" role="status">
        {texts.shared.recorded}
      </span>
      {changing ? (
        <PurposeDialog
          onClose={() => {
            setChanging(false);
          }}
        />
      ) : null}
    </div>
  );
}
