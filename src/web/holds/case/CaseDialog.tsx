/** Changing a case: its title, and who needs to know. The kind and the ground stay as they were stated. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Case, PeopleList } from '../../../http/api/index.ts';
import { changeCase } from '../../api/endpoints.ts';
import { useTexts } from '../../state/language.ts';
import { ActDialog } from './ActDialog.tsx';
import { Typed } from '../fields.tsx';
import { LEAST_TITLE } from '../composer/form.ts';
import { freshly } from '../freshly.ts';
import { Viewers } from '../Viewers.tsx';

export interface CaseDialogProps {
  readonly of: Case;
  readonly people: PeopleList['people'];
  readonly onClose: () => void;
  readonly onChange: () => void;
}

export function CaseDialog({ of, people, onClose, onChange }: CaseDialogProps): JSX.Element {
  const { cases, composer, holds } = useTexts();
  const [title, setTitle] = useState(of.title);
  const [viewers, setViewers] = useState<readonly string[]>(of.viewers);
  const titled = title.trim().length >= LEAST_TITLE;
  return (
    <ActDialog
      title={cases.titles.changeCase(of.ref)}
      about={`${holds.kinds[of.kind]} · ${holds.grounds[of.ground]}`}
      go={cases.go.changeCase}
      steps={[]}
      asks={['reason', 'password']}
      destructive={false}
      complete={titled}
      onClose={onClose}
      onGo={async ({ reason = '', password = '' }) => {
        const change = { title: title.trim(), viewers: [...viewers], reason, password };
        await freshly(onChange, () => changeCase(of.id, { version: of.version, ...change }));
        onClose();
      }}
    >
      <Typed
        label={composer.caseTitle}
        value={title}
        maxLength={120}
        wrong={titled ? undefined : composer.wrong.title}
        onChange={setTitle}
      />
      <Viewers people={people} viewers={viewers} onChange={setViewers} />
    </ActDialog>
  );
}
