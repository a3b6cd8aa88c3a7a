// SPDX-License-Identifier: MIT
import { render } from 'preact';
import { start } from './app';
import { allowSound } from './edge/audio';
import { stayAwake } from './edge/awake';
import { Page } from './view/page';

for (const event of ['pointerdown', 'keydown']) addEventListener(event, () => void allowSound(), { once: true });
render(<Page />, document.getElementById('app')!);
stayAwake();
start();
