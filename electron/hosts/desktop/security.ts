import type { App, Session, WebContents, WebFrameMain, WebPreferences } from 'electron';

/** Address of the app's only page. */
export const pageOrigin = 'app://countersign';

/**
 * How every window is made.
 *
 * Source: Electron's security checklist, points 2 to 6 and 8 to 11; nothing here may be loosened.
 */
export const webPreferences = {
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  contextIsolation: true,
  sandbox: true,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
} as const satisfies WebPreferences;

const externalHosts = ['salesforce.com', 'force.com', 'databricks.com', 'azuredatabricks.net'];

/** True for the few places that may open in the person's browser: Salesforce and Databricks over https. */
export function isAllowedExternal(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password, port } = new URL(address);
  if (protocol !== 'https:' || username !== '' || password !== '' || port !== '') return false;
  return externalHosts.some((host) => hostname === host || hostname.endsWith(`.${host}`));
}

/** True for an address that the core may open in the person's browser: any host over https, without a name or password in it. */
export function isWebAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, username, password } = new URL(address);
  return protocol === 'https:' && username === '' && password === '';
}

/** True for an address of our own page. */
export function isOwnPage(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return `${url.protocol}//${url.host}` === pageOrigin && url.username === '' && url.password === '';
}

/** True when a message comes from the main frame of the one window, showing our own page. */
export function isOwnSender(frame: WebFrameMain | null | undefined, mainFrame: WebFrameMain): boolean {
  return frame !== null && frame !== undefined && frame === mainFrame && isOwnPage(frame.url);
}

/** The one thing that a page may do besides showing itself: put a text on the clipboard, for the buttons that copy. */
function isAllowed(permission: string, address: string | undefined, isMainFrame: boolean): boolean {
  return permission === 'clipboard-sanitized-write' && isMainFrame && isOwnPage(address ?? '');
}

/** Denies every permission but that of copying, every device, and every request that leaves the app (points 1 and 5). */
export function hardenSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) => answer(isAllowed(permission, details.requestingUrl, details.isMainFrame)));
  session.setPermissionCheckHandler((_contents, permission, _origin, details) => isAllowed(permission, details.requestingUrl, details.isMainFrame));
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !isOwnPage(details.url) && !details.url.startsWith('devtools:') && !details.url.startsWith('data:image/') }));
  session.on('will-download', (event) => event.preventDefault());
}

/** Keeps every page of the app where it is: no navigation, no windows, no webviews (points 11 to 15). */
export function hardenContents(app: Pick<App, 'on'>, openExternal: (address: string) => void): void {
  app.on('web-contents-created', (_event, contents: WebContents) => {
    contents.on('will-navigate', (event) => {
      if (!isOwnPage(event.url)) event.preventDefault();
    });
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame || !isOwnPage(event.url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => {
      if (!isOwnPage(event.url)) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      if (isAllowedExternal(url)) openExternal(url);
      return { action: 'deny' };
    });
  });
}
