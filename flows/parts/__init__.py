"""Parts of a round's work that other processes may do: linking by country, repairs, weights, replays.

In: what one part is made from, as files named by their content. Out: one file a part. A part is done by
whoever has its file, so one that is done twice does no harm, and one whose worker died is done again. The
search for the best selection is never shared.

Files, in order:

1. `work.py`: the kinds of parts, and doing one in whatever process.
2. `settings.py`: where parts are done (`CITY2CITY_TASK_RUNNER`).
3. `dask_cluster.py`: doing parts on Dask, outside a flow.
4. `prefect_parts.py`: the same inside a flow, as Prefect tasks (`prefect-dask`).
5. `spread.py`: writing the files of parts, having them done, reading what came of them.
6. `linking.py`, `near.py`, `replays.py`: what each kind does, and sharing it out.

Where do I go to ...?

- hand something else to other processes: a kind in `work.py`, and a file like `near.py`
- change how workers are started: `dask_cluster.py`
"""
