"""Say honestly how good a space is. Pure: knows no database, no pictures and no network.

Start at measures.evaluate_space; put the spaces and baselines together in a result.Evaluation; show that by
report.render_report (HTML) or table.tables (terminal).
"""
