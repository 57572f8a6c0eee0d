import '@vscode/codicons/dist/codicon.css';
import './report.css';
import '../styles/theme.css';
import '../styles/controls.css';
import { mount } from 'svelte';
import { mountReview, screenElement } from '../mountReview';
import AboutReport from './AboutReport.svelte';
import { followTheme } from './followTheme';
import { reportApi } from './pageHost';
import { ReportData } from './reportData';

followTheme(document.body);
const about = document.getElementById('about');
const data = new ReportData(document);
if (about !== null) mount(AboutReport, { target: about, props: { head: data.head } });
mountReview(screenElement(), reportApi(data));
