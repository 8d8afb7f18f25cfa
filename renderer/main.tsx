import '../shared/interpret-schemas.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createClient } from '../shared/transport.ts';
import { App } from './App.tsx';
import { connectTransport } from './api/transport.ts';
import { applyDisplay, readDisplay } from './app/display.ts';
import './styles/tokens.css';
import './styles/base.css';

const root = document.getElementById('root');
if (!root) throw new Error('the page has no root element');
applyDisplay(readDisplay());
const client = createClient(await connectTransport());
createRoot(root).render(
  <StrictMode>
    <App client={client} />
  </StrictMode>,
);
