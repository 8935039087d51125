-- What stood before reports, for a downgrade: every report and release is lost. Run as partnership_owner.
drop table access.release_taken, graph.release_contributor, graph.release_cell, graph.release, graph.report_import, graph.report_publication, graph.report_answer,
  graph.report_receiver, graph.report_figure, graph.report_version, graph.report_sign_off, graph.report_draft, graph.report_key, graph.report,
  graph.region_member, graph.metric, graph.report_definition;
