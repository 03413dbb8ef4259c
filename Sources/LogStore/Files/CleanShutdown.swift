/// `.kafka_cleanshutdown`: there while the folder is as a clean stop left it. Removed before anything is appended.
///
/// JSON as Kafka writes it, on one line, without a line feed at its end:
///
/// | key            | meaning                                            |
/// |:---------------|:---------------------------------------------------|
/// | `broker_epoch` | `"-1"`: there is no quorum that gives one          |
/// | `version`      | `"0"`                                              |
package enum CleanShutdown {
    package static let fileName = ".kafka_cleanshutdown"
    package static let encoded = Array(#"{"broker_epoch":"-1","version":"0"}"#.utf8)
}
