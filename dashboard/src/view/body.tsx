// SPDX-License-Identifier: MIT
/* The lower body from the front and from behind. The athlete's right is at the viewer's left in front. */
import type { CommandSymptom } from '../../generated/types';
import { ui, word } from './words';

export interface Place {
  site: NonNullable<CommandSymptom['site']>;
  side: NonNullable<CommandSymptom['side']>;
}
interface Region extends Place {
  /** x, y, width, height; every one at least 44 px on a phone */
  box: [number, number, number, number];
}

const pair = (site: Place['site'], [x, y, w, h]: Region['box'], first: 'left' | 'right'): Region[] => [
  { site, side: first, box: [x, y, w, h] },
  { site, side: first === 'left' ? 'right' : 'left', box: [200 - x - w, y, w, h] },
];
const FRONT: Region[] = [
  ...pair('hip', [24, 92, 48, 56], 'right'),
  { site: 'groin', side: 'unknown', box: [75, 98, 50, 52] },
  ...pair('thigh', [44, 154, 52, 84], 'right'),
  ...pair('leg', [46, 242, 50, 94], 'right'),
];
const BACK: Region[] = [
  { site: 'low_back', side: 'unknown', box: [56, 40, 88, 52] },
  ...pair('buttock', [46, 96, 52, 56], 'left'),
  ...pair('thigh', [44, 156, 52, 82], 'left'),
  ...pair('leg', [46, 242, 50, 94], 'left'),
];
const OUTLINE = 'M70 0C66 24 56 40 48 66C40 92 36 120 40 160C44 210 44 250 50 340H92C94 280 94 230 98 168H102C106 230 106 280 108 340H150C156 250 156 210 160 160C164 120 160 92 152 66C144 40 134 24 130 0Z';

interface Props {
  chosen: Place | null;
  choose: (place: Place) => void;
}

const name = ({ site, side }: Place): string => [word('site', site), word('side', side)].filter(Boolean).join(', ');

function RegionView({ region, chosen, choose }: Props & { region: Region }) {
  const [x, y, width, height] = region.box;
  const isChosen = chosen?.site === region.site && chosen.side === region.side;
  const take = () => choose({ site: region.site, side: region.side });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    take();
  };
  return (
    <g role="button" tabindex={0} aria-label={name(region)} aria-pressed={isChosen} class={`region ${isChosen ? 'is-chosen' : ''}`}
      data-site={`${region.site}-${region.side}`} onClick={take} onKeyDown={onKeyDown}>
      <rect x={x} y={y} width={width} height={height} rx="14" />
    </g>
  );
}

function Figure({ regions, text, sides, ...more }: Props & { regions: Region[]; text: string; sides: [string, string] }) {
  return (
    <figure class="figure">
      <svg viewBox="14 0 172 344" role="group" aria-label={text}>
        <path class="outline" d={OUTLINE} />
        {regions.map((region) => <RegionView key={`${region.site} ${region.side}`} region={region} {...more} />)}
        <text x="28" y="62" aria-hidden="true">{sides[0]}</text>
        <text x="172" y="62" aria-hidden="true">{sides[1]}</text>
      </svg>
      <figcaption>{text}</figcaption>
    </figure>
  );
}

export function Body({ chosen, choose }: Props) {
  const [left, right] = [word('side', 'left')[0]!.toUpperCase(), word('side', 'right')[0]!.toUpperCase()];
  const others: Place[] = [{ site: 'other', side: 'unknown' }];
  return (
    <div class="body">
      <Figure regions={FRONT} text={ui('front')} sides={[right, left]} chosen={chosen} choose={choose} />
      <Figure regions={BACK} text={ui('back')} sides={[left, right]} chosen={chosen} choose={choose} />
      {others.map((place) => (
        <button key={place.site} type="button" data-site={`${place.site}-${place.side}`} aria-pressed={chosen?.site === place.site} onClick={() => choose(place)}>{name(place)}</button>
      ))}
    </div>
  );
}
