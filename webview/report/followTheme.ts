/** Names the theme that the system asks for as VS Code does, which style sheets go by; follows it when it changes. */
export function followTheme(body: HTMLElement): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const contrast = matchMedia('(prefers-contrast: more)');
  const forced = matchMedia('(forced-colors: active)');
  const name = (): void => {
    const isContrast = contrast.matches && !forced.matches;
    body.classList.toggle('vscode-high-contrast', isContrast);
    body.classList.toggle('vscode-high-contrast-light', isContrast && !dark.matches);
    body.classList.toggle('vscode-dark', !isContrast && dark.matches);
    body.classList.toggle('vscode-light', !isContrast && !dark.matches);
  };
  name();
  for (const query of [dark, contrast, forced]) query.addEventListener('change', name);
}
