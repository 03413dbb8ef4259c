/// The words of a machine builder's ERP, as three sites maintain them.
enum PlantVocabulary {
    struct Part: Sendable {
        let german: String
        let korean: String
        let english: String
        let unit: String
    }

    static let parts = [
        Part(german: "Spindelwelle, gehärtet", korean: "스핀들 축 (열처리)", english: "Spindle shaft, hardened", unit: "Stk"),
        Part(german: "Lagerflansch Ø120", korean: "베어링 플랜지 Ø120", english: "Bearing flange Ø120", unit: "Stk"),
        Part(german: "Zahnradsatz, schrägverzahnt", korean: "헬리컬 기어 세트", english: "Helical gear set", unit: "Satz"),
        Part(german: "Hydraulikzylinder", korean: "유압 실린더", english: "Hydraulic cylinder", unit: "Stk"),
        Part(german: "Getriebegehäuse", korean: "기어박스 하우징", english: "Gearbox housing", unit: "ea"),
        Part(german: "Kugelgewindetrieb 40×10", korean: "볼 스크류 40×10", english: "Ball screw 40×10", unit: "Stk"),
        Part(german: "Führungsschiene", korean: "가이드 레일", english: "Guide rail", unit: "m"),
        Part(german: "Schaltschrank", korean: "제어반", english: "Control cabinet", unit: "stück"),
        Part(german: "Kühlmittelpumpe", korean: "절삭유 펌프", english: "Coolant pump", unit: "대"),
        Part(german: "Werkzeugwechsler", korean: "공구 교환 장치", english: "Tool changer", unit: "Stk"),
        Part(german: "Spannfutter", korean: "척", english: "Chuck", unit: "ea"),
        Part(german: "Wellendichtring", korean: "오일 씰", english: "Shaft seal", unit: "개"),
        Part(german: "Sechskantschraube M12×40", korean: "육각 볼트 M12×40", english: "Hex bolt M12×40", unit: "kg"),
        Part(german: "Grundplatte, geschweißt", korean: "용접 베이스 플레이트", english: "Base plate, welded", unit: "Stk"),
        Part(german: "Schmierfett", korean: "윤활 그리스", english: "Lubricating grease", unit: "g"),
        Part(german: "Servomotor 7,5 kW", korean: "서보 모터 7.5 kW", english: "Servo motor 7.5 kW", unit: "대"),
    ]

    static let workCenters = ["FRÄS-01", "DREH-02", "SCHLEIF-1", "MONT-3", "조립-2", "도장-1", "PRÜF-1", "HÄRT-1"]

    /// Texts that break what is careless: quotes, tabs, line feeds, backslashes, more than one script, more than two bytes.
    static let notes: [String?] = [
        nil, "", "Oberfläche prüfen, Rz ≤ 6,3 µm", "고객 승인 후 출하", "Härten 58+2 HRC, danach schleifen",
        "긴급 주문: 야간 조 투입", "Maß 12,5 ±0,05 \"kritisch\"", "Zeichnung unter N:\\Werk\\A4\\neu",
        "erste Zeile\nzweite Zeile",
        "Spalte\tmit Tabulator", "it's urgent; '); --", "🔧 공구 교환 필요", "\\N", "{\"kein\": \"json\"}",
        "  Leerzeichen außen  ",
    ]

    static let machines = ["BAZ-5-A", "BAZ-5-B", "DREH-02", "프레스-1", "ROBOTER-7"]
    static let signals = ["spindle_load", "coolant_temp", "진동", "druck_bar", "door_open"]
    static let states = ["RELEASED", "STARTED", "CLOSED", "STOPPED"]

    static let specification = [
        "Werkstoff 42CrMo4 nach EN 10083, vergütet auf 900 bis 1050 N/mm². ",
        "Kanten gebrochen 0,2 bis 0,4 mm; Sichtflächen ohne Riefen. ",
        "표면 거칠기는 Ra 0.8 이하이며 열처리 후 연삭한다. ",
        "조립 전 모든 부품을 세척하고 베어링에 윤활제를 도포한다. ",
        "Bore H7, shaft h6; check runout after assembly (max. 0.01 mm). ",
        "Lackierung RAL 7016, Schichtdicke mindestens 80 µm. ",
        "시험 압력 250 bar에서 5분간 누설이 없어야 한다. ",
    ]
}
