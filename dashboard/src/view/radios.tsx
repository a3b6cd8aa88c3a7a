// SPDX-License-Identifier: MIT
/* The radios of a gym: which one serves what, what waits, and what one of them would take with it. */
import type { GatewayRadios } from '../../generated/types';
import { model, view } from '../app';
import { SheetFrame } from './sheets';
import { ui, word } from './words';

const Radio = ({ radio }: { radio: GatewayRadios['radios'][number] }) => (
  <tr>
    <th scope="row">{radio.name}</th>
    <td class={radio.online ? '' : 'error'}>{ui(radio.online ? 'online' : 'offline')}</td>
    <td>{ui('links', radio.serves.length, radio.slots)}</td>
    <td>{radio.serves.join(', ')}</td>
    <td>{radio.if_lost.left.length > 0 && ui('without', radio.if_lost.left.join(', '))}</td>
  </tr>
);

export function RadiosSheet() {
  view.value; /* what is shown follows the messages */
  const gateways = [...model.gateways.values()].flatMap(({ radios }) => radios ?? []);
  return (
    <SheetFrame title={ui('radios')}>
      <table><tbody>{gateways.flatMap(({ radios }) => radios.map((radio) => <Radio key={radio.name} radio={radio} />))}</tbody></table>
      {gateways.flatMap(({ waiting }) => waiting.map(({ wearable, code }) => <p key={wearable}><b>{wearable}</b> {word('radio_wait', code)}</p>))}
    </SheetFrame>
  );
}
