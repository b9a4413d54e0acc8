import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import './theme/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { desktop } from './rpc/desktop.ts';
import { App } from './shell/app.tsx';
import { followEngine } from './state/engine-state.ts';
import { usePreferences } from './state/preferences.ts';
import type { Theme } from './state/preferences.ts';
import { showTheme } from './theme/theme.ts';

const show = (theme: Theme): void => {
  showTheme(theme);
  desktop?.showTheme(theme);
};
show(usePreferences.getState().theme);
usePreferences.subscribe(({ theme }) => show(theme));
followEngine();

const root = document.querySelector('#root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
