import type { PageData } from '../pageData.js';
import { startConfusion } from './confusion.browser.js';
import { startContents } from './contents.browser.js';
import { startPrinting } from './printing.browser.js';
import { startSlider } from './slider.browser.js';
import { startTheme } from './theme.browser.js';

// What the report does beyond standing there. Everything it shows first is in the page already.
const { shown, watching } = JSON.parse(document.getElementById('data')!.textContent) as PageData;
document.documentElement.classList.add('scripted');
startTheme();
startContents();
startPrinting();
if (shown) startConfusion(shown);
if (watching) startSlider(watching);
