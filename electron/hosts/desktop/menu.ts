import type { Menu, MenuItemConstructorOptions } from 'electron';

/** The application menu: only what the system itself does; the app's own commands are in its palette. */
export function createMenu(menu: Pick<typeof Menu, 'buildFromTemplate'>, appName: string, platform: NodeJS.Platform = process.platform): Menu {
  const edit: MenuItemConstructorOptions = { label: 'Edit', submenu: [{ role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }] };
  const view: MenuItemConstructorOptions = { label: 'View', submenu: [{ role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, { type: 'separator' }, { role: 'togglefullscreen' }] };
  const file: MenuItemConstructorOptions = { label: 'File', submenu: [{ role: 'quit' }] };
  const mac: MenuItemConstructorOptions = { label: appName, submenu: [{ role: 'about' }, { type: 'separator' }, { role: 'hide' }, { role: 'quit' }] };
  return menu.buildFromTemplate([platform === 'darwin' ? mac : file, edit, view]);
}
