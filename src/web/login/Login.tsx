/** Sign-in. Nothing is told here about cameras or footage. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Site } from '../../http/api/index.ts';
import { sentenceOf } from '../parts/Failure.tsx';
import { Field } from '../parts/Field.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Brand } from '../parts/Mark.tsx';
import { PasswordField } from '../parts/PasswordField.tsx';
import { LanguageSwitch } from '../parts/TopBar.tsx';
import { useWords } from '../state/language.ts';
import { useAction } from '../state/load.ts';
import { signIn } from '../state/session.ts';
import { FortnightScale } from './FortnightScale.tsx';

export function Login({ site, ended }: { site: Site; ended: boolean }): JSX.Element {
  const { texts } = useWords();
  return (
    <div class="login">
      <section class="login-promise">
        <Brand name={site.name} city={site.city} />
        <div>
          <h1>
            {texts.login.promise(site.retentionDays).map((line) => (
              <span key={line}>{line}</span>
            ))}
          </h1>
          <p>{texts.login.promiseMore}</p>
          <FortnightScale days={site.retentionDays} />
        </div>
        <span />
      </section>
      <main class="login-form">
        <header>
          <LanguageSwitch />
        </header>
        <div class="login-box">
          <h2>{texts.login.signIn}</h2>
          <p>{ended ? texts.shared.sessionOver : texts.login.ownAccount}</p>
          <Form />
        </div>
      </main>
    </div>
  );
}

function Form(): JSX.Element {
  const { texts } = useWords();
  const action = useAction();
  const [userName, setUserName] = useState('');
  const [password, setPassword] = useState('');
  const wrong = action.failed === 'unauthenticated' ? texts.login.wrong : undefined;
  const failed =
    action.failed !== undefined && wrong === undefined ? sentenceOf(action.failed, texts) : undefined;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        action.run(() => signIn(userName.trim(), password));
      }}
    >
      <Field label={texts.login.userName}>
        {(control) => (
          <input
            {...control}
            class="input"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            autofocus
            required
            value={userName}
            onInput={(e) => {
              setUserName(e.currentTarget.value);
            }}
          />
        )}
      </Field>
      <PasswordField
        label={texts.login.password}
        wrong={wrong ?? failed}
        required
        value={password}
        onChange={setPassword}
      />
      <button class="button go" disabled={action.running}>
        {texts.login.signIn}
      </button>
      <p class="login-note">
        <Icon name="note" />
        {texts.login.attemptsRecorded}
      </p>
    </form>
  );
}
