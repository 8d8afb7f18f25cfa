import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';

/** Draws a dialog; `close` takes it away. */
export type DialogDrawing = (close: () => void) => ReactNode;

interface Dialogs {
  open(drawing: DialogDrawing): void;
  close(): void;
  shown: { id: number; drawing: DialogDrawing } | null;
}

const DialogsContext = createContext<Dialogs | null>(null);

/** Keeps the one dialog that is shown. */
export function DialogsProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<Dialogs['shown']>(null);
  const open = useCallback((drawing: DialogDrawing) => setShown((last) => ({ id: (last?.id ?? 0) + 1, drawing })), []);
  const close = useCallback(() => setShown(null), []);
  const value = useMemo(() => ({ open, close, shown }), [open, close, shown]);
  return <DialogsContext value={value}>{children}</DialogsContext>;
}

/** Draws the dialog that is shown, inside everything it needs. */
export function DialogHost() {
  const { shown, close } = useDialogs();
  return shown && <ShownDialog key={shown.id} drawing={shown.drawing} close={close} />;
}

function ShownDialog({ drawing, close }: { drawing: DialogDrawing; close: () => void }) {
  return drawing(close);
}

/** Opens dialogs. */
export function useDialogs(): Dialogs {
  const dialogs = useContext(DialogsContext);
  if (!dialogs) throw new Error('useDialogs needs a DialogsProvider');
  return dialogs;
}
